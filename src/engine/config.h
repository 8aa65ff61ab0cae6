/*
 * The configuration of a server as YAML: a world with exactly one server, whose keys stand at the
 * top or under `server:`. One table of rows reads it, complains about all that is wrong at once,
 * makes the manual's section and the commented example. Opening files, sockets and stores is the
 * caller's matter.
 */
#ifndef ENGINE_CONFIG_H
#define ENGINE_CONFIG_H
#include "base/yaml.h"
#include "engine/faults.h"
#include "engine/policy.h"

struct config_user {
    const char *name, *secret;
};
enum config_magic { CONFIG_MAGIC_AUTO, CONFIG_MAGIC_ON, CONFIG_MAGIC_OFF };

struct server_config {
    struct policy policy; /* what it points to is owned here */
    /* NULL: not given. */
    const char *listen, *tls_listen, *store, *tls_cert, *tls_key, *client_ca;
    unsigned clients_max, clients_per_address_max;
    bool timeouts, tls;
    uint64_t seed;
    struct row_list users;  /* struct config_user */
    struct row_list faults; /* struct fault; config_faults() takes them */
    /* As written; the policy's arrays are made of them. */
    struct row_texts mailboxes, domains;
    struct row_texts proxies; /* addresses and ranges, not looked at here */
    struct row_list lists;
    int magic;   /* enum config_magic */
    int persona; /* of personas[]; the policy has it */
};
extern const struct rows config_rows;

/* Reads the text; never leaves less than the defaults in *out. How many mistakes: each has its line
 * in *complaints. Release with server_config_release in any case; *out must stay where it is. */
unsigned server_config_read(struct span text, const struct yaml_file *file,
                            struct server_config *out, struct buf *complaints);
void server_config_release(struct server_config *c);
/* The faults of the configuration as a set, with its seed and its magic addresses. Takes them. */
struct faults *server_config_faults(struct server_config *c);
/* A commented file that names every key and reads back without a complaint. */
void server_config_example(struct buf *out);

#endif
