using System.Globalization;
using System.Runtime.InteropServices;

namespace Gain.Cli;

/// <summary>What the machine says of itself that matters to rings. Unknown facts are null.</summary>
internal sealed class MachineFacts
{
    private readonly string[] _status = ReadLines("/proc/self/status");
    private readonly string[] _limits = ReadLines("/proc/self/limits");

    public string? Kernel { get; } = ReadLines("/proc/sys/kernel/osrelease").FirstOrDefault();

    public string Architecture { get; } =
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    public int Cpus { get; } = Environment.ProcessorCount;

    /// <summary>kernel.io_uring_disabled: 0 allows, 1 needs a privilege or a group, 2 forbids.</summary>
    public string? UringDisabled { get; } =
        ReadLines("/proc/sys/kernel/io_uring_disabled").FirstOrDefault();

    /// <summary>Whether system calls are filtered: none, strict or filter.</summary>
    public string? Seccomp => StatusOf("Seccomp") switch
    {
        "0" => "none",
        "1" => "strict",
        "2" => "filter",
        _ => null,
    };

    /// <summary>Whether locked memory is not counted for this process.</summary>
    public bool? MayLockWithoutLimit
    {
        get
        {
            const int lockCapability = 14;
            return ulong.TryParse(
                StatusOf("CapEff"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong mask)
                ? (mask & (1ul << lockCapability)) != 0
                : null;
        }
    }

    /// <summary>The soft and hard limit of memory that may be locked, in bytes or "unlimited".</summary>
    public (string Soft, string Hard)? Memlock => LimitOf("Max locked memory");

    /// <summary>The soft and hard limit of descriptors.</summary>
    public (string Soft, string Hard)? Descriptors => LimitOf("Max open files");

    private string? StatusOf(string name) => _status
        .FirstOrDefault(line => line.StartsWith($"{name}:", StringComparison.Ordinal))?
        [(name.Length + 1)..].Trim();

    private (string Soft, string Hard)? LimitOf(string name)
    {
        string? line = _limits.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        string[]? words = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is { Length: >= 2 } ? (words[0], words[1]) : null;
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
