using System.Globalization;
using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>
/// Whether a process that lives has an address: the kernel lists its sockets by number, and each process the
/// numbers of its own. A socket that nobody has is that of a process which has ended, of which the kernel
/// still frees a ring; or of a process that may not be looked at.
/// </summary>
internal static class AddressHolder
{
    private const string Listening = "0A";

    /// <summary>What there is of an address.</summary>
    internal static HolderKind Find(ServerAddress address)
    {
        try
        {
            HashSet<string> sockets = [.. SocketsAt(address).Select(number => $"socket:[{number}]")];
            return sockets.Count == 0 ? HolderKind.None
                : Processes().SelectMany(DescriptorsOf).Any(sockets.Contains) ? HolderKind.Living
                : HolderKind.Unknown;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Without /proc there is nothing to be told.
            return HolderKind.Unknown;
        }
    }

    private static IEnumerable<string> SocketsAt(ServerAddress address) => address switch
    {
        ListenAddress { Network: ListenNetwork.Udp } udp =>
            Rows("udp", "udp6").Where(row => IsAt(row, udp.Port)).Select(row => row[9]),
        ListenAddress tcp =>
            Rows("tcp", "tcp6")
                .Where(row => IsAt(row, tcp.Port) && row[3] == Listening)
                .Select(row => row[9]),
        UnixAddress unix =>
            Rows("unix").Where(row => row.Length > 7 && row[7] == NameOf(unix)).Select(row => row[6]),
        _ => [],
    };

    private static string NameOf(UnixAddress unix) => unix.IsAbstract ? $"@{unix.Name}" : unix.Name;

    // The address is in the network's byte order, and the port a number: 0100007F:2328.
    private static bool IsAt(string[] row, int port)
    {
        if (row.Length < 10)
        {
            return false;
        }

        ReadOnlySpan<char> local = row[1];
        return int.TryParse(
            local[(local.LastIndexOf(':') + 1)..],
            NumberStyles.HexNumber,
            CultureInfo.InvariantCulture,
            out int bound) && bound == port;
    }

    private static IEnumerable<string[]> Rows(params string[] tables) => tables
        .Select(table => $"/proc/self/net/{table}")
        .Where(File.Exists)
        .SelectMany(File.ReadLines)
        .Skip(1)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<string> Processes() => Directory.EnumerateDirectories("/proc")
        .Where(directory => char.IsAsciiDigit(directory["/proc/".Length]));

    // Of a process that ends meanwhile, or is another user's, nothing can be read.
    private static IEnumerable<string> DescriptorsOf(string process)
    {
        try
        {
            return [.. Directory.GetFiles($"{process}/fd").Select(file => TargetOf(file)!)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string TargetOf(string file)
    {
        try
        {
            return new FileInfo(file).LinkTarget ?? "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Closed meanwhile.
            return "";
        }
    }
}
