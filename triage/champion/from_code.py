"""What does MLflow run when it loads a registered model? This file, which goes with the model as it stands.

MLflow keeps a copy of it beside the bundle, in place of a pickled object. The rest comes from the installed ltu-triage.
"""

from mlflow.models import set_model

from triage.champion.model import RegisteredModel

set_model(RegisteredModel())
