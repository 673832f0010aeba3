using static Gain.Kernel.SocketAbi;

namespace Gain.Sockets;

/// <summary>What accepted sockets do not have from their listener, and are given one by one.</summary>
internal sealed class AcceptedSocketOptions
{
    private readonly bool _quickAck;
    private readonly int _receiveBufferBytes;
    private readonly int _sendBufferBytes;

    private AcceptedSocketOptions(SocketSettings settings, bool isUnix)
    {
        _quickAck = settings.QuickAck && !isUnix;
        _receiveBufferBytes = isUnix ? settings.ReceiveBufferBytes ?? 0 : 0;
        _sendBufferBytes = isUnix ? settings.SendBufferBytes ?? 0 : 0;
    }

    /// <summary>What a listener's connections need; null for nothing, which is the rule.</summary>
    internal static AcceptedSocketOptions? For(SocketSettings settings, int listener)
    {
        // A listener that does not answer cannot be listened on either, and that tells why.
        bool isUnix = SocketOptions.GetInt(listener, SOL_SOCKET, SO_DOMAIN, out int domain) == 0
            && domain == AF_UNIX;
        return For(settings, isUnix);
    }

    /// <summary>The same, of a listener whose kind is known.</summary>
    internal static AcceptedSocketOptions? For(SocketSettings settings, bool isUnix)
    {
        var options = new AcceptedSocketOptions(settings, isUnix);
        return options._quickAck || options._receiveBufferBytes != 0 || options._sendBufferBytes != 0
            ? options
            : null;
    }

    /// <summary>Sets them.</summary>
    /// <returns>0, or the negative errno of the one that failed.</returns>
    internal int Apply(int fd)
    {
        int result = 0;
        if (_quickAck)
        {
            result = SocketOptions.SetInt(fd, IPPROTO_TCP, TCP_QUICKACK, 1);
        }
        if (_receiveBufferBytes != 0 && result == 0)
        {
            result = SocketOptions.SetInt(fd, SOL_SOCKET, SO_RCVBUF, _receiveBufferBytes);
        }
        if (_sendBufferBytes != 0 && result == 0)
        {
            result = SocketOptions.SetInt(fd, SOL_SOCKET, SO_SNDBUF, _sendBufferBytes);
        }

        return result;
    }
}
