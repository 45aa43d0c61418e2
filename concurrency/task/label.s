// This file lets the package declare functions without a body, which are linked from elsewhere.
