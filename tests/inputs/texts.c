/* texts.c - what the library reads besides its variables: numbers, the files of control groups,
 * descriptions of machines. */
#define _GNU_SOURCE
#include "inputs.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <par/topology.h>

#include "env.h"
#include "limit.h"
#include "topology.h"

/* ---- numbers ---- */

/* size and other are the least and the greatest number. A refusal leaves the result alone. */
static int number_read(const input_t *input)
{
    uint64_t n = 77;
    bool is_read = par__env_number_parse(input->text, input->size, input->other, &n);
    return is_read ? n == input->number : n == 77 ? -1 : -2;
}

#define NUMBER(written, least, greatest, result, value)                                            \
    {                                                                                              \
        .name = "number \"" written "\" in " #least " to " #greatest, .run = number_read,          \
        .text = (written), .size = (least), .other = (greatest), .answer = (result),               \
        .number = (value)                                                                          \
    }

enum { READ = 1, REFUSED = -1 };

/* ---- quotas ---- */

static void file_put(const char *root, const char *path, const char *text)
{
    char full[512];
    snprintf(full, sizeof full, "%s%s", root, path);
    for (char *slash = full + strlen(root); (slash = strchr(slash + 1, '/')) != NULL;
         *slash = '/') {
        *slash = '\0';
        mkdir(full, 0777);
    }
    int file = open(full, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text)) abort();
    close(file);
}

static void root_remove(const char *root)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    if (system(command) != 0) abort();
}

#define V2 "30 23 0:26 / /cg rw - cgroup2 cgroup2 rw\n"

/* Files under a root of its own: text is cpu.max, more is mountinfo or NULL for a sane one, data is
 * the process's group or NULL for a sane one. Answer: thousandths of a CPU, -1 if a file is blamed. */
static int quota_read(const input_t *input)
{
    char root[] = "/tmp/par-inputs-XXXXXX";
    par__quota_t quota;
    if (mkdtemp(root) == NULL) abort();
    file_put(root, "/proc/self/mountinfo", input->more ? input->more : V2);
    file_put(root, "/proc/self/cgroup", input->data ? (const char *)input->data : "0::/g\n");
    if (input->text != NULL) file_put(root, "/cg/g/cpu.max", input->text);
    par__limit_quota(&quota, root);
    root_remove(root);
    return quota.unreadable[0] != '\0' ? -1 : (int)quota.milli;
}

#define QUOTA(cpu_max, result)                                                                     \
    {                                                                                              \
        .name = "cpu.max \"" cpu_max "\"", .run = quota_read, .text = (cpu_max),                   \
        .answer = (result)                                                                         \
    }
#define MOUNTS(mountinfo, result)                                                                  \
    {                                                                                              \
        .name = "mountinfo \"" mountinfo "\"", .run = quota_read, .text = "200000 100000\n",       \
        .more = (mountinfo), .answer = (result)                                                    \
    }
#define GROUP(cgroup, result)                                                                      \
    {                                                                                              \
        .name = "cgroup \"" cgroup "\"", .run = quota_read, .text = "200000 100000\n",             \
        .data = (cgroup), .answer = (result)                                                       \
    }

static int quota_workers(const input_t *input)
{
    par__quota_t quota = {.milli = input->number};
    return (int)par__limit_quota_workers(&quota);
}

#define WORKERS(milli, workers)                                                                    \
    {                                                                                              \
        .name = "quota of " #milli, .run = quota_workers, .number = (milli), .answer = (workers)   \
    }

/* ---- described machines ---- */

/* What hwloc itself says about it is not ours. */
static void stderr_close(void)
{
    int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
}

static int load(par__source_t source)
{
    par__machine_t machine;
    stderr_close();
    par_status_t status = par__topology_load(&machine, source);
    if (status != PAR_OK && (machine.pus != NULL || machine.n_pus != 0)) return 1;
    par__topology_free(&machine);
    return status;
}

static int synthetic_load(const input_t *input)
{
    return load((par__source_t){input->text, NULL});
}

static int xml_load(const input_t *input)
{
    char path[] = "/tmp/par-inputs-XXXXXX";
    int file = mkstemp(path);
    if (file < 0 || write(file, input->text, strlen(input->text)) < 0) abort();
    close(file);
    int status = load((par__source_t){NULL, path});
    unlink(path);
    return status;
}

static int xml_path_load(const input_t *input)
{
    return load((par__source_t){NULL, input->text});
}

/* The variables that hwloc reads: text is the name, more the value. What it cannot read is no error. */
static int described_query(const input_t *input)
{
    par_topology_info_t info = PAR_TOPOLOGY_INFO_INIT;
    stderr_close();
    setenv(input->text, input->more, 1);
    par_status_t status = par_topology_query(&info);
    return status != PAR_OK ? status : info.workers >= 1 && strlen(info.why) > 0;
}

#define SYNTHETIC(description)                                                                     \
    {                                                                                              \
        .name = "machine \"" description "\"", .run = synthetic_load, .text = (description),       \
        .answer = PAR_ETOPOLOGY                                                                    \
    }
#define XML(what, content)                                                                         \
    {                                                                                              \
        .name = "XML: " what, .run = xml_load, .text = (content), .answer = PAR_ETOPOLOGY          \
    }
#define XML_PATH(path)                                                                             \
    {                                                                                              \
        .name = "XML file " path, .run = xml_path_load, .text = (path), .answer = PAR_ETOPOLOGY    \
    }
#define DESCRIBED(variable, value)                                                                 \
    {                                                                                              \
        .name = variable "=" value, .run = described_query, .text = variable, .more = value,       \
        .answer = 1                                                                                \
    }

#define HEAD                                                                                       \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE topology SYSTEM \"hwloc2.dtd\">\n"

static const input_t cases[] = {
    NUMBER("", 0, 9, REFUSED, 0),
    NUMBER(" ", 0, 9, REFUSED, 0),
    NUMBER("10", 0, 9, REFUSED, 0),
    NUMBER("9", 0, 9, READ, 9),
    NUMBER("000000000000000000000000000009", 0, 9, READ, 9),
    NUMBER("0", 1, 9, REFUSED, 0),
    NUMBER("1", 1, 1, READ, 1),
    NUMBER("0", 0, 0, READ, 0),
    NUMBER("1", 0, 0, REFUSED, 0),
    NUMBER("5", 6, 4, REFUSED, 0),
    NUMBER("4294967295", 0, UINT32_MAX, READ, UINT32_MAX),
    NUMBER("4294967296", 0, UINT32_MAX, REFUSED, 0),
    NUMBER("99999999999999999999999999999999999999", 0, SIZE_MAX, REFUSED, 0),
    NUMBER("18446744073709551616", 0, SIZE_MAX, REFUSED, 0),
    NUMBER("18446744073709551625", 0, SIZE_MAX, REFUSED, 0),
    NUMBER("36893488147419103232", 0, SIZE_MAX, REFUSED, 0),
    NUMBER("184467440737095516150", 0, SIZE_MAX, REFUSED, 0),
    NUMBER("1\v", 0, 9, REFUSED, 0),
    NUMBER("1\f", 0, 9, REFUSED, 0),
    NUMBER("\t 1 \r\n", 0, 9, READ, 1),
    NUMBER("1 x", 0, 9, REFUSED, 0),
    NUMBER("/", 0, 9, REFUSED, 0),
    NUMBER(":", 0, 9, REFUSED, 0),

    WORKERS(0, 0),
    WORKERS(1, 1),
    WORKERS(499, 1),
    WORKERS(1499, 1),
    WORKERS(1500, 2),
    WORKERS(UINT64_MAX, INT32_MAX),
    WORKERS(UINT64_MAX - 999, INT32_MAX),

    QUOTA("", -1),
    QUOTA("\n", -1),
    QUOTA(" \n", -1),
    QUOTA("max\n", 0),
    QUOTA("max max\n", 0),
    QUOTA("MAX 100000\n", -1),
    QUOTA("maximal 100000\n", -1),
    QUOTA("-1 100000\n", 0),
    QUOTA("-2 100000\n", -1),
    QUOTA("0 100000\n", -1),
    QUOTA("100000 0\n", -1),
    QUOTA("100000 -1\n", -1),
    QUOTA("100000 max\n", -1),
    QUOTA("100000 100000 100000\n", -1),
    QUOTA("100000,100000\n", -1),
    QUOTA("1e5 100000\n", -1),
    QUOTA("0x100 100\n", -1),
    QUOTA(" 100000 100000\n", -1),
    QUOTA("100000  100000\n", 1000),
    QUOTA("100000 100000", 1000),
    QUOTA("1 9223372036854775\n", 1),
    QUOTA("1 9223372036854776\n", -1),
    QUOTA("9223372036854776 1\n", -1),
    QUOTA("18446744073709551617 1\n", -1),
    QUOTA("%s%n\n", -1),
    QUOTA("\xff\xfe\n", -1),

    MOUNTS("", 0),
    MOUNTS("\n\n\n", 0),
    MOUNTS(" - ", 0),
    MOUNTS(" - cgroup2", 0),
    MOUNTS("30 - cgroup2 cgroup2 rw\n", 0),
    MOUNTS("30 23 0:26 / - cgroup2 cgroup2 rw\n", 0),
    MOUNTS("30 23 0:26 / /cg rw cgroup2 cgroup2 rw\n", 0),
    MOUNTS("30 23 0:26 / /cg rw - cgroup\n", 0),
    MOUNTS("30 23 0:26 / /cg rw - cgroup cgroup\n", 0),
    MOUNTS("30 23 0:26 / /cg rw - cgroup3 cgroup2 rw\n", 0),
    MOUNTS("30 23 0:26 / /c\\147 rw - cgroup2 cgroup2 rw\n", 2000),
    MOUNTS("30 23 0:26 / /c\\14 rw - cgroup2 cgroup2 rw\n", 0),
    MOUNTS("30 23 0:26 / /c\\ rw - cgroup2 cgroup2 rw\n", 0),
    MOUNTS("30 23 0:26 / /c\\999 rw - cgroup2 cgroup2 rw\n", 0),
    MOUNTS("30 23 0:26 / /cg rw - cgroup2", 2000),

    GROUP("", 0),
    GROUP("\n", 0),
    GROUP(":", 0),
    GROUP("0", 0),
    GROUP("0:", 0),
    GROUP("0::", 0),
    GROUP("0:cpu:/g\n", 0),
    GROUP("1::/g\n", 0),
    GROUP("0::/g", 2000),
    GROUP("0::/g/../g\n", 0),
    GROUP("0::/g/h/i/j/k\n", 2000),
    GROUP("0::g\n", 0),
    GROUP("::::::\n0::/g\n", 2000),

    SYNTHETIC(""),
    SYNTHETIC(" "),
    SYNTHETIC("nonsense"),
    SYNTHETIC("pu"),
    SYNTHETIC("pu:"),
    SYNTHETIC("pu:x"),
    SYNTHETIC("pu:0"),
    SYNTHETIC("core:"),
    SYNTHETIC("core:2 pu"),
    SYNTHETIC("core:2 core:2 pu:2 pu:2"),
    SYNTHETIC("pu:2 core:2"),
    SYNTHETIC("package:0 core:2 pu:2"),
    SYNTHETIC("core:2 pu:2 (indexes=0,0"),
    SYNTHETIC("core:2 pu:2(indexes="),
    SYNTHETIC("\xff\xfe"),
    SYNTHETIC("%s%n"),

    XML("nothing", ""),
    XML("a blank", " "),
    XML("no XML", "nonsense"),
    XML("head only", HEAD),
    XML("an open element", HEAD "<topology version=\"2.0\">"),
    XML("an empty topology", HEAD "<topology version=\"2.0\">\n</topology>\n"),
    XML("another root", HEAD "<html></html>\n"),
    XML("no PU",
        HEAD "<topology version=\"2.0\">\n<object type=\"Machine\" os_index=\"0\" "
             "cpuset=\"0x0\" complete_cpuset=\"0x0\" allowed_cpuset=\"0x0\" "
             "nodeset=\"0x0\" complete_nodeset=\"0x0\" allowed_nodeset=\"0x0\">\n"
             "</object>\n</topology>\n"),
    XML("an unknown type",
        HEAD "<topology version=\"2.0\">\n<object type=\"Toaster\">\n"
             "</object>\n</topology>\n"),
    XML("a later version", HEAD "<topology version=\"9.0\">\n</topology>\n"),
    XML_PATH("/nonexistent/machine.xml"),
    XML_PATH("/"),
    XML_PATH("/dev/null"),
    XML_PATH(""),

    DESCRIBED("HWLOC_SYNTHETIC", "nonsense"),
    DESCRIBED("HWLOC_SYNTHETIC", "pu:0"),
    DESCRIBED("HWLOC_SYNTHETIC", ""),
    DESCRIBED("HWLOC_XMLFILE", "/nonexistent/machine.xml"),
    DESCRIBED("HWLOC_XMLFILE", "/dev/null"),
    DESCRIBED("HWLOC_XMLFILE", "/"),
    DESCRIBED("HWLOC_COMPONENTS", "nonsense"),
    DESCRIBED("HWLOC_COMPONENTS", "-all"),
    DESCRIBED("HWLOC_FSROOT", "/nonexistent"),
};

inputs_t inputs_texts(void)
{
    return TABLE("texts", cases);
}
