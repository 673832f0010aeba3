using System.Globalization;
using Gain.Kernel;
using static Gain.Kernel.SocketAbi;

namespace Gain.Sockets;

/// <summary>Ranges of ports that connections come from (IP_LOCAL_PORT_RANGE in ip(7)).</summary>
internal static class LocalPorts
{
    private const string SystemRangePath = "/proc/sys/net/ipv4/ip_local_port_range";

    /// <summary>Looks whether the machine can keep to a range.</summary>
    /// <param name="ports">The range.</param>
    /// <returns>What the socket option is set to.</returns>
    /// <exception cref="GainException">It cannot; the message says why.</exception>
    internal static int Check(PortRange ports)
    {
        int value = ports.First | ports.Last << 16;
        int fd = Libc.Socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
        if (fd < 0)
        {
            throw GainException.ForSystemCall("Cannot open a socket to try DialOptions.LocalPorts", -fd);
        }

        int result = SocketOptions.SetInt(fd, IPPROTO_IP, IP_LOCAL_PORT_RANGE, value);
        Libc.Close(fd);
        if (result < 0)
        {
            throw Refused(
                ports,
                $"this kernel cannot keep to a range ({Errno.Name(-result)}): that needs Linux 6.3. Leave it "
                + "null, or narrow net.ipv4.ip_local_port_range for the whole machine");
        }

        Compare(ports, File.ReadAllText(SystemRangePath));
        return value;
    }

    /// <summary>Compares a range with the system's: outside it the kernel would not keep to it.</summary>
    /// <param name="ports">The range.</param>
    /// <param name="system">The two numbers that the kernel has for it.</param>
    /// <exception cref="GainException">It lies outside; the message names both.</exception>
    internal static void Compare(PortRange ports, string system)
    {
        string[] ends = system.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        int first = int.Parse(ends[0], CultureInfo.InvariantCulture);
        int last = int.Parse(ends[1], CultureInfo.InvariantCulture);
        if (ports.First < first || ports.Last > last)
        {
            throw Refused(
                ports,
                $"net.ipv4.ip_local_port_range is {first}-{last}, and the kernel ignores what lies outside: "
                + "choose a range in it, or widen it");
        }
    }

    private static GainException Refused(PortRange ports, string why) =>
        new(GainError.OptionInvalid, $"DialOptions.LocalPorts is {ports}, but {why}.");
}
