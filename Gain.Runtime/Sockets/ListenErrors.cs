using System.Globalization;
using System.Net.Sockets;
using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>Says why an address could not be listened on, and what to do about it.</summary>
internal static class ListenErrors
{
    // Ports below net.ipv4.ip_unprivileged_port_start, which is this unless someone set it.
    private const int DefaultUnprivilegedPortStart = 1024;

    /// <param name="address">The address as it was asked for.</param>
    /// <param name="endPoint">The one of its end points that failed.</param>
    /// <param name="errno">The positive error number of socket, setsockopt, bind or listen.</param>
    internal static GainException For(ListenAddress address, ListenEndPoint endPoint, int errno)
    {
        (GainError code, string reason) = Explain(address, endPoint, errno);
        string message = $"Cannot listen on {address} (at {endPoint.EndPoint}): {reason}.";
        return new GainException(code, message, errno);
    }

    private static (GainError Code, string Reason) Explain(
        ListenAddress address, ListenEndPoint endPoint, int errno)
    {
        string host = endPoint.EndPoint.Address.ToString();
        string port = endPoint.EndPoint.Port.ToString(CultureInfo.InvariantCulture);
        string error = Errno.Describe(errno);
        string scheme = address.Scheme;
        string sockets = address.Network == ListenNetwork.Udp ? "-lunp" : "-ltnp";
        switch (errno)
        {
            case Errno.EADDRINUSE when address.Port == 0:
                return (GainError.AddressInUse,
                    $"the kernel found no port that is free on every one of its addresses, {error}; " +
                    "widen net.ipv4.ip_local_port_range, or choose a port");
            case Errno.EADDRINUSE:
                return (GainError.AddressInUse,
                    $"another process, or another server in this one, has port {port} there, {error}; " +
                    $"find it with `ss {sockets} 'sport = :{port}'` and stop it, or choose another port");
            case Errno.EADDRNOTAVAIL:
                return (GainError.AddressNotAvailable,
                    $"this machine has no address {host}, {error}; `ip address` lists those it has, and " +
                    $"{scheme}://:{port} takes all of them");
            case Errno.EAFNOSUPPORT:
                bool isV6 = endPoint.EndPoint.AddressFamily == AddressFamily.InterNetworkV6;
                return (GainError.AddressNotAvailable,
                    $"this machine has no {(isV6 ? "IPv6" : "IPv4")}, {error}; switch it on, or use " +
                    $"{scheme}://:{port}, which takes what there is");
            case Errno.ENODEV:
                return (GainError.AddressNotAvailable,
                    $"this machine has no network interface with the index that {host} names, {error}; " +
                    "`ip link` lists those it has");
            case Errno.EACCES when endPoint.EndPoint.Port is > 0 and < DefaultUnprivilegedPortStart:
                return (GainError.PermissionDenied,
                    $"port {port} is below {DefaultUnprivilegedPortStart} and so privileged, {error}; " +
                    "allow it with `setcap cap_net_bind_service=+ep` on the program, or for everyone with " +
                    $"`sysctl net.ipv4.ip_unprivileged_port_start={port}`, or choose a higher port");
            case Errno.EACCES or Errno.EPERM:
                return (GainError.PermissionDenied,
                    $"a security policy refused it, {error}; look at SELinux or AppArmor, seccomp, cgroup " +
                    "filters and net.ipv4.ip_unprivileged_port_start");
            case Errno.EMFILE:
                return (GainError.LimitReached,
                    $"the process has as many descriptors as it may, {error}; raise `ulimit -n`");
            case Errno.ENFILE or Errno.ENOMEM or Errno.ENOBUFS:
                return (GainError.LimitReached, $"the machine is out of files or memory, {error}");
            default:
                return (GainError.SystemError, $"the kernel refused, {error}");
        }
    }
}
