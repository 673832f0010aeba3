using System.Globalization;
using System.Text.Json;
using Gain.Tls;

namespace Gain.Cli;

/// <summary>Says what this machine offers to a server, and what Gain would use of it.</summary>
internal static class Doctor
{
    public static int Run(bool asJson)
    {
        // Before anything is examined: what is found out may be that there are no descriptors left.
        using Stream output = Console.OpenStandardOutput();
        var facts = new MachineFacts();
        RingReport report;
        try
        {
            report = RingReport.Examine();
        }
        catch (GainException failed)
        {
            if (asJson)
            {
                WriteJson(output, report: null, facts, failed.Message);
            }
            else
            {
                Console.Error.WriteLine($"gain: {failed.Message}");
            }

            return 1;
        }

        if (asJson)
        {
            WriteJson(output, report, facts, error: null);
        }
        else
        {
            WriteText(report, facts);
        }

        return 0;
    }

    private static void WriteText(RingReport report, MachineFacts facts)
    {
        Row("kernel", $"Linux {facts.Kernel ?? "(unknown)"}, {facts.Architecture}, {facts.Cpus} CPUs");
        Row("io_uring", report.Reason is null ? "works" : $"cannot be used: {report.Reason}");
        if (report.Advice.Length != 0)
        {
            Row("", report.Advice);
        }

        foreach (RingCheck test in report.Checks)
        {
            Row("  test", test.Fault is null ? $"{test.Name}: works" : $"{test.Name}: {test.Fault}");
        }

        if (report.Checks.Count != 0)
        {
            Row("  set-up flags", string.Join(", ", report.SetupFlags));
            Row("  features", $"{report.Features}");
        }

        Row("  io_uring_disabled", facts.UringDisabled ?? "not in this kernel");
        Row("seccomp", facts.Seccomp ?? "unknown");
        Row("memlock limit", $"{Limit(facts.Memlock, Memory)}{Privilege(facts.MayLockWithoutLimit)}");
        Row("descriptor limit", Limit(facts.Descriptors, Number));
        (string? version, string? reason) = OpenSsl();
        Row("OpenSSL", version ?? reason!);
        Row("Gain would use", report.Ring == GainRing.Uring ? "io_uring" : "epoll");
    }

    // What it calls itself, or why it cannot be used.
    private static (string? Version, string? Reason) OpenSsl()
    {
        try
        {
            return (TlsLibrary.Version, null);
        }
        catch (TlsException fault)
        {
            return (null, fault.Message);
        }
    }

    private static void Row(string name, string value) => Console.WriteLine($"{name,-20} {value}");

    private static string Limit((string Soft, string Hard)? limit, Func<string, string> format) =>
        limit is not var (soft, hard) ? "unknown"
        : soft == hard ? format(soft)
        : $"{format(soft)}, at most {format(hard)}";

    private static string Privilege(bool? mayLock) =>
        mayLock == true ? "; does not bind this process (CAP_IPC_LOCK)" : "";

    private static string Memory(string bytes) =>
        long.TryParse(bytes, CultureInfo.InvariantCulture, out long value)
            ? string.Create(CultureInfo.InvariantCulture, $"{value / 1024:N0} KiB")
            : bytes;

    private static string Number(string number) =>
        long.TryParse(number, CultureInfo.InvariantCulture, out long value)
            ? value.ToString("N0", CultureInfo.InvariantCulture)
            : number;

    // By hand, so that the names are stable without a serializer's metadata.
    private static void WriteJson(Stream output, RingReport? report, MachineFacts facts, string? error)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        if (error is not null)
        {
            json.WriteString("error", error);
        }

        json.WriteString("kernel", facts.Kernel);
        json.WriteString("architecture", facts.Architecture);
        json.WriteNumber("cpus", facts.Cpus);
        if (report is not null)
        {
            WriteUring(json, report, facts);
        }

        json.WriteString("seccomp", facts.Seccomp);
        WriteLimit(json, "memlock_bytes", facts.Memlock);
        if (facts.MayLockWithoutLimit is bool mayLock)
        {
            json.WriteBoolean("memlock_binds", !mayLock);
        }

        WriteLimit(json, "descriptors", facts.Descriptors);
        (string? version, string? reason) = OpenSsl();
        json.WriteStartObject("openssl");
        json.WriteBoolean("works", version is not null);
        json.WriteString("version", version);
        json.WriteString("reason", reason);
        json.WriteEndObject();
        if (report is not null)
        {
            json.WriteString("ring", report.Ring == GainRing.Uring ? "io_uring" : "epoll");
        }

        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteUring(Utf8JsonWriter json, RingReport report, MachineFacts facts)
    {
        json.WriteStartObject("io_uring");
        json.WriteBoolean("works", report.Reason is null);
        json.WriteString("reason", report.Reason);
        json.WriteString("advice", report.Advice);
        json.WriteNumber("errno", report.Errno);
        json.WriteString("disabled_setting", facts.UringDisabled);
        WriteArray(json, "setup_flags", report.SetupFlags);
        WriteArray(json, "features", report.Features == 0 ? [] : $"{report.Features}".Split(", "));
        json.WriteStartObject("tests");
        foreach (RingCheck test in report.Checks)
        {
            json.WriteString(test.Name, test.Fault ?? "works");
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteLimit(Utf8JsonWriter json, string name, (string Soft, string Hard)? limit)
    {
        if (limit is var (soft, hard))
        {
            json.WriteStartObject(name);
            json.WriteString("soft", soft);
            json.WriteString("hard", hard);
            json.WriteEndObject();
        }
    }
}
