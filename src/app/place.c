#include "app/place.h"

#include <stddef.h>

#include "net/address.h"

bool place_is_domain(const struct place *p, struct error *err)
{
    if (p->host[0] != '[' && !address_numeric(p->host, 0, NULL))
        return true;
    error_set(err, "--mx needs a domain: the address %s has no MX records", p->host);
    return false;
}

bool place_read(char **words, int count, unsigned port, struct place *out, struct error *err)
{
    unsigned named = 0;

    if (!address_parse(words[0], count > 1 ? 0 : port, out->host, &named, err))
        return false;
    if (count > 1 && named) {
        error_set(err, "the port is named twice: in HOST:PORT, and in the word after it");
        return false;
    }
    out->port = named;
    return count < 2 || address_parse_port(words[1], &out->port, err);
}
