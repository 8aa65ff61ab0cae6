#include "view/signs.h"

char sign_twin(uint32_t code)
{
    switch (code) {
#define X(name, sign, number, twin)                                                                \
    case number:                                                                                   \
        return twin;
        SIGNS(X)
#undef X
    default:
        return 0;
    }
}
