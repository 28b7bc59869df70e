#!/usr/bin/env bash
# Starts the MLflow tracking server with the settings of mlflow/server.env.
# Usage: scripts/mlflow-server.sh VENV
set -euo pipefail
cd "$(dirname "$0")/.."

venv="${1:-.venv}"
set -a
# shellcheck source=mlflow/server.env
. mlflow/server.env
set +a

case "$MLFLOW_HOST" in
  127.0.0.1 | ::1 | localhost) ;;
  *)
    if [ "$LTU_MLFLOW_OTHER_HOSTS" != yes ]; then
      echo "MLflow would be open to others at $MLFLOW_HOST. It asks nobody who they are, and whoever reaches it can read" \
        "training records and change which model is the champion. Put it behind a sign-in of your own, and then say" \
        "LTU_MLFLOW_OTHER_HOSTS=yes." >&2
      exit 2
    fi
    ;;
esac

# What is made here holds personal data: for its owner alone.
umask 077
mkdir -p "$LTU_MLFLOW_DATA"
echo "MLflow starts at http://$MLFLOW_HOST:$MLFLOW_PORT"
# Without the last part it opens with its pages for language models.
echo "To look: http://$MLFLOW_HOST:$MLFLOW_PORT/#/?workflowType=machine_learning"
echo "Its data are in $LTU_MLFLOW_DATA. Ctrl-C ends it."
exec "$venv/bin/mlflow" server
