"""From a run directory to published TensorFlow.js graphs; `python converter/run.py RUN` is the way in."""

import os

# Must stand before TensorFlow is imported: oneDNN makes nodes that TensorFlow.js does not know, such as
# _MklFusedInstanceNorm.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
# Its decision forests, which tensorflowjs imports, greet through IPython when a test captures the output.
os.environ["TFDF_DISABLE_WELCOME_MESSAGE"] = "1"
