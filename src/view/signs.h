/*
 * The signs that views draw beyond ASCII, each with its twin for --ascii, terminals without UTF-8
 * and whoever reads with other eyes. All are one cell wide. Nothing else beyond ASCII is
 * drawn by views of their own accord.
 */
#ifndef VIEW_SIGNS_H
#define VIEW_SIGNS_H
#include <stdint.h>

/* X(name, sign, code point, twin) */
#define SIGNS(X)                                                                                   \
    X(RULE, "─", 0x2500, '-')                                                                      \
    X(RULE_FOCUS, "═", 0x2550, '=')                                                                \
    X(SIDE, "│", 0x2502, '|')                                                                      \
    X(TEE_DOWN, "┬", 0x252c, '+')                                                                  \
    X(TEE_UP, "┴", 0x2534, '+')                                                                    \
    X(TEE_RIGHT, "├", 0x251c, '+')                                                                 \
    X(TEE_LEFT, "┤", 0x2524, '+')                                                                  \
    X(CORNER_TOP_LEFT, "┌", 0x250c, '+')                                                           \
    X(CORNER_TOP_RIGHT, "┐", 0x2510, '+')                                                          \
    X(CORNER_LOW_LEFT, "└", 0x2514, '+')                                                           \
    X(CORNER_LOW_RIGHT, "┘", 0x2518, '+')                                                          \
    X(HERE, "▸", 0x25b8, '>')                                                                      \
    X(BACK, "◂", 0x25c2, '<')                                                                      \
    X(DOWN, "▾", 0x25be, 'v')                                                                      \
    X(WRONG, "✗", 0x2717, 'x')                                                                     \
    X(RIGHT, "✓", 0x2713, '+')

#define X(name, sign, code, twin) static const char SIGN_##name[] __attribute__((unused)) = sign;
SIGNS(X)
#undef X
#define X(name, sign, code, twin) SIGN_##name##_CODE = code,
enum sign_code { SIGNS(X) };
#undef X

/* The twin of a sign; 0 when the code point is none of ours. */
char sign_twin(uint32_t code);

#endif
