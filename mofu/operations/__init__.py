"""Running an installation: backups, health, logs, the administrator's page about the system."""
