using System.Globalization;
using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>
/// The descriptors that systemd has passed to the process, and which of them are in use. Any thread.
/// </summary>
/// <remarks>
/// The variables stay as they are, so that a later server finds them, and they name this process: its
/// children know that they are not meant. Descriptors stay open as long as the process does, as it was
/// started with them: a server that has stopped, or whose start failed, gives them back for the next one.
/// </remarks>
internal sealed class PassedDescriptors
{
    /// <summary>SD_LISTEN_FDS_START: behind standard input, output and error.</summary>
    internal const int First = 3;

    // What systemd calls those that have no name.
    private const string Nameless = "unknown";

    private readonly Func<string, string?> _environment;
    private readonly int _processId;
    private readonly int _first;
    private readonly HashSet<int> _taken = [];
    private readonly Lock _lock = new();

    /// <param name="environment">Gives a variable's value, or null.</param>
    /// <param name="processId">Whom the variables have to mean.</param>
    /// <param name="first">The first descriptor.</param>
    internal PassedDescriptors(Func<string, string?> environment, int processId, int first = First)
    {
        _environment = environment;
        _processId = processId;
        _first = first;
    }

    /// <summary>Those of this process.</summary>
    internal static PassedDescriptors OfProcess { get; } = new(
        Environment.GetEnvironmentVariable, Environment.ProcessId);

    /// <summary>Takes the descriptors that an address means, for one server at a time.</summary>
    /// <returns>At least one; to be given back by <see cref="Return"/>.</returns>
    /// <exception cref="GainException">
    /// Nothing was passed, or not to this process, or not under the name; or another server has them.
    /// </exception>
    internal (int Fd, string Name)[] Take(SystemdAddress address)
    {
        lock (_lock)
        {
            (int Fd, string Name)[] all = ReadAll(address);
            (int Fd, string Name)[] meant =
                [.. all.Where(passed => address.Name is null || passed.Name == address.Name)];
            if (meant.Length == 0)
            {
                throw New(
                    address,
                    GainError.AddressNotAvailable,
                    $"no descriptor has the name \"{address.Name}\"; those passed are {Describe(all)}. Set "
                    + "FileDescriptorName= in the .socket unit, or --fdname of systemd-socket-activate");
            }

            (int Fd, string Name)[] taken = [.. meant.Where(passed => _taken.Contains(passed.Fd))];
            if (taken.Length != 0)
            {
                throw New(
                    address,
                    GainError.AddressInUse,
                    $"another server of this process has {Describe(taken)}. Give the sockets names by "
                    + "FileDescriptorName=, and each server its own with systemd:name");
            }

            _taken.UnionWith(meant.Select(passed => passed.Fd));
            return meant;
        }
    }

    /// <summary>Gives descriptors back, which stay open.</summary>
    internal void Return(IEnumerable<(int Fd, string Name)> descriptors)
    {
        lock (_lock)
        {
            _taken.ExceptWith(descriptors.Select(passed => passed.Fd));
        }
    }

    private (int Fd, string Name)[] ReadAll(SystemdAddress address)
    {
        string? count = _environment("LISTEN_FDS");
        string? meant = _environment("LISTEN_PID");
        if (string.IsNullOrEmpty(count) || string.IsNullOrEmpty(meant))
        {
            throw New(
                address,
                GainError.AddressNotAvailable,
                "this process was not started by systemd's socket activation, as LISTEN_FDS or LISTEN_PID is "
                + "not set. Start it by a .socket unit, or try it with `systemd-socket-activate -l 9000 "
                + "./server`");
        }
        if (meant != _processId.ToString(CultureInfo.InvariantCulture))
        {
            throw New(
                address,
                GainError.AddressNotAvailable,
                $"the sockets were passed to process {meant} (LISTEN_PID), and this is {_processId}. "
                + "Something stands in between, as `dotnet run` or a shell does: start the server itself, or "
                + "by `exec`");
        }
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int fds)
            || fds is 0 or > ushort.MaxValue
            || !count.All(char.IsAsciiDigit))
        {
            throw New(
                address,
                GainError.AddressNotAvailable,
                $"LISTEN_FDS is \"{count}\", which is no number of descriptors. systemd sets it; nobody else "
                + "should");
        }

        string[] names = _environment("LISTEN_FDNAMES")?.Split(':') ?? [];
        var all = new (int Fd, string Name)[fds];
        for (int i = 0; i < fds; i++)
        {
            all[i] = (_first + i, i < names.Length && names[i].Length != 0 ? names[i] : Nameless);

            // They came through an exec and should not go through the next one. A descriptor that is not
            // open fails when it is looked at.
            Libc.SetCloseOnExec(all[i].Fd);
        }

        return all;
    }

    private static string Describe(IEnumerable<(int Fd, string Name)> descriptors) => string.Join(
        ", ", descriptors.Select(passed => $"{passed.Fd} \"{passed.Name}\""));

    // The variables are text of the process that started this one.
    private static GainException New(SystemdAddress address, GainError code, string reason) =>
        new(code, VisibleText.Of($"Cannot listen on {address}: {reason}."));
}
