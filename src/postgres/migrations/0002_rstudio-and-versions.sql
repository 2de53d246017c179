alter table atelier.sessions
  drop constraint sessions_ide_check,
  add constraint sessions_ide_check
    check (ide in ('jupyterlab', 'jupyter-notebook', 'vscode', 'rstudio'));

-- Which Python and R its owner chose; null for whatever comes first in the account's path.
alter table atelier.sessions
  add column python text,
  add column r text;
