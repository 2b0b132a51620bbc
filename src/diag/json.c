#include "diag/json.h"

#include <math.h>

const char *vrk_json_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

int64_t vrk_json_int(const json_t *object, const char *key)
{
    return (int64_t)json_integer_value(json_object_get(object, key));
}

double vrk_json_number(const json_t *object, const char *key)
{
    const json_t *x = json_object_get(object, key);
    return json_is_number(x) ? json_number_value(x) : nan("");
}

double vrk_json_mean(const json_t *object, const char *key)
{
    return vrk_json_number(json_object_get(object, key), "mean");
}
