// Compiles if all public headers do, one after the other, and with what Tandem::tandem brings.
#include "tandem/tandem.h"
