/*
 * The command line: one table of options makes the parsing, --help and the manual page.
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H
#include <stddef.h>
#include <stdint.h>

#include "app/mode.h"
#include "base/error.h"

enum choice_level { LEVEL_BY_MODE, LEVEL_LEARNER, LEVEL_ADMIN };
enum choice_pace { PACE_BY_MODE, PACE_REAL, PACE_INSTANT };
enum choice_log { LOG_BY_MODE, LOG_TEXT, LOG_JSON, LOG_NONE };

/* An option that may be given several times: more of them belong into a file. */
#define OPTION_LIST_MAX 64
struct option_list {
    char *at[OPTION_LIST_MAX]; /* argv's own: a password is wiped there once it is copied */
    size_t count;
};

/* What `serve` alone takes. */
struct serve_options {
    struct option_list listen, tls_listen, domains, proxies, users, without;
    const char *hostname, *store, *tls_cert, *tls_key, *client_ca, *export_ca, *config;
    uint64_t size_limit;                        /* octets; 0: not given */
    unsigned exit_after;                        /* letters; 0: never */
    unsigned clients_max, clients_per_host_max; /* 0: not given */
    int log;                                    /* enum choice_log */
    bool no_tls, require_tls, require_auth, auth_without_tls, lmtp, example_config;
};

/* What `send` alone takes. */
struct send_options {
    const char *from, *subject, *body, *file; /* NULL: not given */
    struct option_list to, cc, headers;
    bool json, quiet;
};

struct options {
    bool plain, no_color, ascii, sources, show_secrets, only_v4, only_v6, help, version;
    bool tls, starttls, insecure, lmtp, mx;
    int persona;        /* which of PERSONA_NAMES, from 1; 0: not given */
    int level;          /* enum choice_level */
    int pace;           /* enum choice_pace */
    int proxy_header;   /* its version; 0: none is sent */
    const char *name;   /* NULL: not given; strings borrow from argv */
    const char *record; /* NULL: not given */
    const char *ca, *cert, *key, *source, *auth, *password_file; /* the same */
    unsigned timeout;                                            /* seconds; 0: not given */
    struct serve_options serve;
    struct send_options send;
    const struct mode *mode;
    char **words; /* what follows the mode's word */
    int word_count;
};

enum option_kind {
    OPTION_FLAG,   /* a bool of struct options */
    OPTION_TEXT,   /* a const char * */
    OPTION_NUMBER, /* an unsigned, from 1 to OPTION_NUMBER_MAX */
    OPTION_CHOICE, /* an int: which of the words of `argument`, from 1 */
    OPTION_COUNT,  /* an unsigned, from 1 to OPTION_COUNT_MAX */
    OPTION_SIZE,   /* a uint64_t: octets, with K, M or G behind for 1024, 1024^2, 1024^3 of them */
    OPTION_LIST,   /* a struct option_list: the option may be given several times */
};
#define OPTION_NUMBER_MAX 86400 /* a day, in seconds */
#define OPTION_COUNT_MAX  1000000000
#define OPTION_SIZE_MAX   ((uint64_t)1 << 40) /* far more than fits into a letter */

struct option_row {
    const char *name;     /* "record", without dashes; "" when there is only the letter */
    char letter;          /* 0: none */
    const char *argument; /* "FILE", "learner|admin"; "" none */
    const char *help;     /* one line */
    unsigned modes;       /* set of enum mode_bit */
    enum option_kind kind;
    size_t at; /* its place in struct options */
};
extern const struct option_row option_rows[];
extern const size_t option_count;
/* The modes where an option of that name has a meaning: two rows may share a name, each for its own
 * modes, if both take a value or neither does. */
unsigned option_modes(const struct option_row *row);

/* Reads argv[1] on, and orders nothing anew: words and options may be mixed; "--" ends options.
 * False: *err is one clear line. With --help or --version nothing else is looked at further. Keeps
 * the words in argv's own array, moved to its front. */
bool options_parse(struct options *o, int argc, char **argv, struct error *err);

#endif
