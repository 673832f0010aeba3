namespace Gain.Testing.Rings;

/// <summary>A connection, as the kernel sees it: both ends, and what is on its way between them.</summary>
internal sealed class TestSocket
{
    public TestSocket(ushort port)
    {
        Port = port;
        Receive = new TestOperation(TestOperationKind.Receive, this);
        Send = new TestOperation(TestOperationKind.Send, this);
        HangUp = new TestOperation(TestOperationKind.HangUp, this);
    }

    /// <summary>The peer's port.</summary>
    public ushort Port { get; }

    /// <summary>The server's descriptor; -1 before it is accepted and after it is closed.</summary>
    public int Descriptor { get; set; } = -1;

    /// <summary>The server has closed its end.</summary>
    public bool IsClosed { get; set; }

    // What the peer does.

    /// <summary>What it has sent, and the server has not taken.</summary>
    public ByteQueue Input { get; } = new();

    /// <summary>It has sent FIN.</summary>
    public bool HasFin { get; set; }

    /// <summary>It has reset the connection.</summary>
    public bool IsBroken { get; set; }

    /// <summary>It reads what comes.</summary>
    public bool IsReading { get; set; } = true;

    /// <summary>What is taken for it while it does not.</summary>
    public int WindowBytes { get; set; } = 65_536;

    // What the server does.

    /// <summary>What was sent to the peer, and it has not read.</summary>
    public ByteQueue Output { get; } = new();

    /// <summary>What it has read.</summary>
    public ByteQueue Received { get; } = new();

    /// <summary>FIN was sent behind that.</summary>
    public bool HasServerFin { get; set; }

    /// <summary>The server has reset the connection.</summary>
    public bool HasServerReset { get; set; }

    /// <summary>Closing it resets the connection.</summary>
    public bool ResetsOnClose { get; set; }

    public TestOperation Receive { get; }

    public TestOperation Send { get; }

    public TestOperation HangUp { get; }

    // What became of it.

    /// <summary>Its place among the worker's connections; negative where it has none.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>Why it ended; none while it is open.</summary>
    public CloseReason Reason { get; set; }

    /// <summary>What its handler has thrown.</summary>
    public Exception? Fault { get; set; }

    /// <summary>The bytes that the kernel can take from the server now.</summary>
    public int Room => IsReading ? int.MaxValue : Math.Max(0, WindowBytes - Output.Count);

    /// <summary>The peer reads what was sent to it.</summary>
    public int Read(int most)
    {
        int count = Math.Min(most, Output.Count);
        Received.Add(Output.Bytes[..count]);
        Output.Take(count);
        return count;
    }
}
