using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>
/// The name of a Unix socket: a path, or an abstract name, which lies in no file system and is gone with
/// its last socket.
/// </summary>
internal sealed class UnixAddress : ServerAddress
{
    /// <summary>The bytes of a path at most: sun_path less the NUL behind it.</summary>
    internal const int MaxPathBytes = sockaddr_un.PathBytes - 1;

    /// <summary>The bytes of an abstract name at most: sun_path less the NUL in front of it.</summary>
    internal const int MaxNameBytes = sockaddr_un.PathBytes - 1;

    private UnixAddress(string name, bool isAbstract, bool isDatagram)
    {
        Name = name;
        IsAbstract = isAbstract;
        IsDatagram = isDatagram;
    }

    /// <summary>The path, or the abstract name without what stands for its NUL.</summary>
    internal string Name { get; }

    /// <summary>Whether it is an abstract name.</summary>
    internal bool IsAbstract { get; }

    /// <summary>Whether datagrams arrive there, and not connections.</summary>
    internal bool IsDatagram { get; }

    /// <summary>A file; the path is absolute and at most <see cref="MaxPathBytes"/> long.</summary>
    internal static UnixAddress Path(string path, bool isDatagram) =>
        new(path, isAbstract: false, isDatagram);

    /// <summary>An abstract name of 1 to <see cref="MaxNameBytes"/> bytes.</summary>
    internal static UnixAddress Abstract(string name, bool isDatagram) =>
        new(name, isAbstract: true, isDatagram);

    internal override bool MayHaveDatagrams => IsDatagram;

    internal override ListenerSet Open(int workers, GainOptions options) =>
        UnixListeners.Open(
            this, workers, options.Accepting.Backlog, options.Accepting.UnixSocketMode, options.Sockets);

    /// <summary>Fills <paramref name="storage"/>; returns how many bytes of it the address takes.</summary>
    // SAFETY: the span covers the bytes of the member alone, and does not outlive the call.
    internal unsafe uint ToSockAddr(out sockaddr_storage storage)
    {
        storage = default;
        ref sockaddr_un address = ref Unsafe.As<sockaddr_storage, sockaddr_un>(ref storage);
        address.sun_family = SocketAbi.AF_UNIX;
        Span<byte> path = MemoryMarshal.CreateSpan(ref address.sun_path[0], sockaddr_un.PathBytes);

        // An abstract name begins with a NUL and ends where the length says; a path ends with its NUL.
        int bytes = Encoding.UTF8.GetBytes(Name, path[(IsAbstract ? 1 : 0)..]);
        return (uint)(sizeof(ushort) + bytes + 1);
    }

    /// <summary>
    /// The name in the first <paramref name="length"/> bytes, an abstract one as @name; null without one.
    /// </summary>
    // SAFETY: as for ToSockAddr.
    internal static unsafe string? ReadName(ref sockaddr_storage storage, uint length)
    {
        if (length <= sizeof(ushort) || storage.ss_family != SocketAbi.AF_UNIX)
        {
            return null;
        }

        ref sockaddr_un address = ref Unsafe.As<sockaddr_storage, sockaddr_un>(ref storage);
        ReadOnlySpan<byte> path = MemoryMarshal.CreateReadOnlySpan(
            ref address.sun_path[0], Math.Min((int)length - sizeof(ushort), sockaddr_un.PathBytes));
        if (path[0] != 0)
        {
            int end = path.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? path : path[..end]);
        }

        // Further NULs can be part of the name; they are shown as ss(8) shows them.
        return Encoding.UTF8.GetString(path).Replace('\0', '@');
    }

    /// <summary>The canonical form, which parses to an equal address.</summary>
    public override string ToString() => $"{Scheme(IsDatagram)}://{(IsAbstract ? "@" : "")}{Name}";

    internal static string Scheme(bool isDatagram) => isDatagram ? "unixgram" : "unix";
}
