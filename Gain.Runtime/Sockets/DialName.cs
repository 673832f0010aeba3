namespace Gain.Sockets;

/// <summary>A host that is dialled by its name, and a port.</summary>
/// <param name="Host">The name, in lower case.</param>
/// <param name="Port">The port, from 1 on.</param>
/// <param name="Family">Which of its addresses count.</param>
internal sealed record DialName(string Host, ushort Port, ListenFamily Family)
{
    /// <summary>Whether it is dialled for datagrams.</summary>
    public bool IsDatagram { get; init; }

    public override string ToString() => $"{(IsDatagram ? "udp" : "tcp")}" + Family switch
    {
        ListenFamily.IPv4 => $"4://{Host}:{Port}",
        ListenFamily.IPv6 => $"6://{Host}:{Port}",
        _ => $"://{Host}:{Port}",
    };
}
