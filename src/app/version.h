/* The program's version. The build names it (meson.build at the top); other tools that read the
 * code do not. */
#ifndef APP_VERSION_H
#define APP_VERSION_H
#ifndef SMTPSCOPE_VERSION
#define SMTPSCOPE_VERSION "unknown"
#endif
#endif
