namespace Gain.Mail;

/// <summary>
/// What another thread wants of a worker: of one of its connections, or with a socket. Two numbers, whose
/// meaning is that of the kind: each factory says what they are, and each accessor whose they are.
/// </summary>
internal readonly record struct Command
{
    // A connection's slot; the descriptor of an accepted socket; the index of a socket for datagrams.
    private readonly int _target;

    // A connection's generation, or a dialled socket's; an origin, the tag above the address; the bytes of a
    // name.
    private readonly uint _detail;

    private Command(CommandKind kind, int target, uint detail)
    {
        Kind = kind;
        _target = target;
        _detail = detail;
    }

    /// <summary>What is wanted.</summary>
    public CommandKind Kind { get; }

    /// <summary>The slot of the connection that it is about.</summary>
    public int Slot => IsOfConnection ? _target : throw NotOf(nameof(Slot));

    /// <summary>Which of the slot's connections it is about.</summary>
    public uint Generation => IsOfConnection ? _detail : throw NotOf(nameof(Generation));

    /// <summary>The descriptor of the accepted socket.</summary>
    public int Socket => Kind == CommandKind.Accepted ? _target : throw NotOf(nameof(Socket));

    /// <summary>Where the socket was accepted.</summary>
    public Origin Origin => Kind == CommandKind.Accepted
        ? new Origin((byte)_detail, (byte)(_detail >> 8))
        : throw NotOf(nameof(Origin));

    /// <summary>The index of the socket that sends the datagram.</summary>
    public int SocketIndex => Kind == CommandKind.Datagram ? _target : throw NotOf(nameof(SocketIndex));

    /// <summary>The place of the socket for datagrams that was dialled.</summary>
    public int Place => IsOfDialled ? _target : throw NotOf(nameof(Place));

    /// <summary>Which of the place's sockets it is about.</summary>
    public uint PlaceGeneration => IsOfDialled ? _detail : throw NotOf(nameof(PlaceGeneration));

    /// <summary>Whether it is about a socket for datagrams that was dialled.</summary>
    public bool IsOfDialled => Kind is CommandKind.DatagramToPeer or CommandKind.CloseDatagrams;

    /// <summary>How many of the bytes that it carries are the target's name; the payload follows.</summary>
    public int NameBytes => Kind == CommandKind.Datagram ? (int)_detail : throw NotOf(nameof(NameBytes));

    /// <summary>Whether it is about a connection.</summary>
    public bool IsOfConnection =>
        Kind is not (CommandKind.None or CommandKind.Accepted or CommandKind.Datagram or CommandKind.Dial
            or CommandKind.DatagramToPeer or CommandKind.CloseDatagrams);

    /// <summary>Closes a connection when what it wrote is sent.</summary>
    public static Command Close(int slot, uint generation) => new(CommandKind.Close, slot, generation);

    /// <summary>Closes a connection at once.</summary>
    public static Command Abort(int slot, uint generation) => new(CommandKind.Abort, slot, generation);

    /// <summary>Lets a connection read on.</summary>
    public static Command ResumeReading(int slot, uint generation) =>
        new(CommandKind.ResumeReading, slot, generation);

    /// <summary>Writes the bytes that it carries to a connection.</summary>
    public static Command Send(int slot, uint generation) => new(CommandKind.Send, slot, generation);

    /// <summary>Writes an answer that is due; in front of its bytes lies which one.</summary>
    public static Command Answer(int slot, uint generation) => new(CommandKind.Answer, slot, generation);

    /// <summary>Calls a connection's <c>OnMessage</c> with the message that it carries.</summary>
    public static Command Message(int slot, uint generation) => new(CommandKind.Message, slot, generation);

    /// <summary>Serves an accepted socket.</summary>
    /// <param name="socket">Its descriptor.</param>
    /// <param name="origin">Where it was accepted.</param>
    public static Command Accepted(int socket, Origin origin) =>
        new(CommandKind.Accepted, socket, origin.Address | ((uint)origin.Tag << 8));

    /// <summary>Dials what lies first in the worker's queue.</summary>
    public static Command Dial() => new(CommandKind.Dial, 0, 0);

    /// <summary>Sends the datagram that it carries, behind the name of its target.</summary>
    /// <param name="socketIndex">The index of the socket that sends it.</param>
    /// <param name="nameBytes">The bytes of the name.</param>
    public static Command Datagram(int socketIndex, int nameBytes) =>
        new(CommandKind.Datagram, socketIndex, (uint)nameBytes);

    /// <summary>Sends the datagram that it carries, behind a byte that means nothing.</summary>
    /// <param name="place">The place of the socket that sends it.</param>
    /// <param name="generation">Which of the place's sockets.</param>
    public static Command DatagramToPeer(int place, uint generation) =>
        new(CommandKind.DatagramToPeer, place, generation);

    /// <summary>Ends a socket for datagrams that was dialled.</summary>
    public static Command CloseDatagrams(int place, uint generation) =>
        new(CommandKind.CloseDatagrams, place, generation);

    /// <summary>The kind and both numbers; the accessors throw for kinds that they are not of.</summary>
    public override string ToString() => $"{Kind} {_target} {_detail}";

    private InvalidOperationException NotOf(string what) =>
        new($"A command {Kind} has no {what}: its numbers are {_target} and {_detail}.");
}
