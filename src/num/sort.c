#include "num/sort.h"

enum { SHORT = 16 };

static void swap(double *a, double *b)
{
    double t = *a;
    *a = *b;
    *b = t;
}

static void insert(double *x, int64_t n)
{
    for (int64_t i = 1; i < n; i++) {
        double v = x[i];
        int64_t j = i;
        for (; j > 0 && v < x[j - 1]; j--)
            x[j] = x[j - 1];
        x[j] = v;
    }
}

static void sift(double *x, int64_t at, int64_t n)
{
    for (int64_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && x[child] < x[child + 1])
            child++;
        if (!(x[at] < x[child]))
            return;
        swap(&x[at], &x[child]);
    }
}

static void heap(double *x, int64_t n)
{
    for (int64_t i = n / 2 - 1; i >= 0; i--)
        sift(x, i, n);
    for (int64_t end = n - 1; end > 0; end--) {
        swap(&x[0], &x[end]);
        sift(x, 0, end);
    }
}

static double middle_of(double a, double b, double c)
{
    if (a < b)
        return b < c ? b : a < c ? c : a;
    return a < c ? a : b < c ? c : b;
}

/* Smaller ones to the left of the place that is returned (Hoare); both sides hold some. */
static int64_t part(double *x, int64_t n)
{
    double p = middle_of(x[0], x[(n - 1) / 2], x[n - 2]);
    for (int64_t i = 0, j = n - 1;; i++, j--) {
        while (x[i] < p)
            i++;
        while (p < x[j])
            j--;
        if (i >= j)
            return j + 1;
        swap(&x[i], &x[j]);
    }
}

static void sort(double *x, int64_t n, int depth)
{
    while (n > SHORT) {
        if (!depth--) {
            heap(x, n);
            return;
        }
        int64_t left = part(x, n);
        sort(x + left, n - left, depth);
        n = left;
    }
    insert(x, n);
}

void vrk_sort(double *x, int64_t n)
{
    int depth = 0;
    for (int64_t k = n; k > 1; k /= 2)
        depth += 2;
    sort(x, n, depth);
}
