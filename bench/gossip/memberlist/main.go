// A member of HashiCorp memberlist with its DefaultLANConfig, which speaks the lines of ../reports.ts: member NAME SEED.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/memberlist"
)

// What every member is sealed with, as ours are.
var key = []byte("the gossip benchmark's secret 32")

func main() {
	name, seed := os.Args[1], os.Args[2]
	reports := &reporter{}
	meta := &delegate{name: name, version: "0.1.0"}
	quiet := log.New(io.Discard, "", 0)
	inner, err := memberlist.NewNetTransport(&memberlist.NetTransportConfig{
		BindAddrs: []string{"127.0.0.1"}, BindPort: 0, Logger: quiet,
	})
	check(err)
	transport := newCounting(inner)

	config := memberlist.DefaultLANConfig()
	config.Name = name
	config.BindAddr = "127.0.0.1"
	config.AdvertiseAddr = "127.0.0.1"
	config.BindPort = inner.GetAutoBindPort()
	config.AdvertisePort = config.BindPort
	config.Transport = transport
	config.SecretKey = key
	config.Label = "bench"
	config.Logger = quiet
	config.Delegate = meta
	config.Events = &events{self: name, reports: reports}

	at := now()
	list, err := memberlist.Create(config)
	check(err)
	if seed != "" {
		_, err = list.Join([]string{seed})
		check(err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", config.BindPort)
	reports.write(map[string]any{"type": "joined", "address": address, "at": at})

	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		at := now()
		order, argument, _ := strings.Cut(lines.Text(), " ")
		switch order {
		case "counts":
			reports.write(map[string]any{"type": "counts", "sentBytes": transport.sent.Load(), "at": at})
		case "meta":
			meta.set(argument)
			reports.write(map[string]any{"type": "meta", "at": at})
			go list.UpdateNode(10 * time.Second)
		case "leave":
			reports.write(map[string]any{"type": "leave", "at": at})
			// As its documentation wants it: whoever missed the good-bye would else find it alive for ever.
			go func() {
				_ = list.Leave(10 * time.Second)
				_ = list.Shutdown()
			}()
		}
	}
}

func now() float64 { return float64(time.Now().UnixMicro()) / 1000 }

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type reporter struct{ lock sync.Mutex }

func (r *reporter) write(report map[string]any) {
	r.lock.Lock()
	defer r.lock.Unlock()
	line, err := json.Marshal(report)
	check(err)
	fmt.Printf("%s\n", line)
}

// What a member tells of itself: as much as ours do.
type told struct {
	URL      string  `json:"u"`
	Version  string  `json:"v"`
	Sessions int     `json:"s"`
	Load     float64 `json:"l"`
	BootID   string  `json:"b"`
	Started  int64   `json:"t"`
}

type delegate struct {
	lock          sync.Mutex
	name, version string
}

func (d *delegate) set(version string) {
	d.lock.Lock()
	defer d.lock.Unlock()
	d.version = version
}

func (d *delegate) NodeMeta(limit int) []byte {
	d.lock.Lock()
	defer d.lock.Unlock()
	meta, err := json.Marshal(told{
		URL: "http://" + d.name + ".example:8787", Version: d.version,
		BootID: fmt.Sprintf("%s-%d", d.name, os.Getpid()), Started: time.Now().UnixMilli(),
	})
	check(err)
	return meta
}

func (d *delegate) NotifyMsg([]byte)                {}
func (d *delegate) GetBroadcasts(int, int) [][]byte { return nil }
func (d *delegate) LocalState(bool) []byte          { return nil }
func (d *delegate) MergeRemoteState([]byte, bool)   {}

type events struct {
	self    string
	reports *reporter
}

func (e *events) NotifyJoin(node *memberlist.Node)   { e.saw(node, "alive") }
func (e *events) NotifyUpdate(node *memberlist.Node) { e.saw(node, "alive") }
func (e *events) NotifyLeave(node *memberlist.Node)  { e.saw(node, "gone") }

func (e *events) saw(node *memberlist.Node, state string) {
	if node.Name == e.self {
		return
	}
	var meta told
	_ = json.Unmarshal(node.Meta, &meta)
	e.reports.write(map[string]any{
		"type": "saw", "name": node.Name, "state": state, "version": meta.Version, "at": now(),
	})
}

// Counts what is sent: datagrams, and on TCP what is written by either side.
type counting struct {
	*memberlist.NetTransport
	sent    atomic.Int64
	streams chan net.Conn
}

func newCounting(inner *memberlist.NetTransport) *counting {
	c := &counting{NetTransport: inner, streams: make(chan net.Conn)}
	go func() {
		for conn := range inner.StreamCh() {
			c.streams <- &countingConn{Conn: conn, sent: &c.sent}
		}
	}()
	return c
}

func (c *counting) WriteTo(b []byte, addr string) (time.Time, error) {
	return c.WriteToAddress(b, memberlist.Address{Addr: addr})
}

func (c *counting) WriteToAddress(b []byte, addr memberlist.Address) (time.Time, error) {
	c.sent.Add(int64(len(b)))
	return c.NetTransport.WriteToAddress(b, addr)
}

func (c *counting) DialTimeout(addr string, timeout time.Duration) (net.Conn, error) {
	return c.DialAddressTimeout(memberlist.Address{Addr: addr}, timeout)
}

func (c *counting) DialAddressTimeout(addr memberlist.Address, timeout time.Duration) (net.Conn, error) {
	conn, err := c.NetTransport.DialAddressTimeout(addr, timeout)
	if err != nil {
		return nil, err
	}
	return &countingConn{Conn: conn, sent: &c.sent}, nil
}

func (c *counting) StreamCh() <-chan net.Conn { return c.streams }

type countingConn struct {
	net.Conn
	sent *atomic.Int64
}

func (c *countingConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.sent.Add(int64(n))
	return n, err
}
