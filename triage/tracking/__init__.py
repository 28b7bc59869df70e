"""How is a run kept on an MLflow server?"""
