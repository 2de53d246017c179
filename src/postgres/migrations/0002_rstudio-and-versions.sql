alter table atelier.sessions
  drop constraint sessions_ide_check,
  add constraint sessions_ide_check
    check (ide in ('jupyterlab', 'jupyter-notebook', 'vscode', 'rstudio'));
