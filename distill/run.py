"""Distils a style teacher into the page's small pair. The code is in training/style/distil.py.

python distill/run.py --help
"""

from training.style.distil import main

if __name__ == "__main__":
    main()
