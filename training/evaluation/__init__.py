"""What every task is measured with, by the conventions of the field: FID, KID and LPIPS."""
