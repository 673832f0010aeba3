using Gain.Workers;

namespace Gain.Tests.Simulation.Dialled;

/// <summary>One socket that was dialled: what the kernel has for it, and what its handler was told.</summary>
internal sealed class DialledPeer(int id)
{
    public int Id => id;

    public int Fd { get; set; } = -1;

    /// <summary>The operations in flight, by what they are; null where there is none.</summary>
    public ulong? Connect { get; set; }

    public ulong? Receive { get; set; }

    public ulong? Room { get; set; }

    public bool IsConnected { get; set; }

    /// <summary>Its error was told, or the server stops: it sends nothing more.</summary>
    public bool IsSilent { get; set; }

    /// <summary>What has arrived and was not received: numbers, and -1 for a stranger's.</summary>
    public Queue<int> Arrived { get; } = new();

    /// <summary>How many datagrams it has sent.</summary>
    public int Sent { get; set; }

    /// <summary>The last that it has heard: of the handler, and of other threads.</summary>
    public int[] LastHeard { get; } = [-1, -1];

    /// <summary>The last that its handler has heard.</summary>
    public int LastDelivered { get; set; } = -1;

    /// <summary>When it was last used, and whether that is all that its idle time goes by.</summary>
    public long UsedMs { get; set; }

    public bool HasWaited { get; set; }

    /// <summary>For how long it was not used when its receive was cancelled; null before.</summary>
    public long? IdleAtCancel { get; set; }

    public bool SaidFull { get; set; }

    public bool IsClosed { get; set; }

    /// <summary>What was left in the socket when it was closed.</summary>
    public int LeftBehind { get; set; }

    /// <summary>The handler has closed it.</summary>
    public bool IsShut { get; set; }

    /// <summary>That, or another thread has asked for it.</summary>
    public bool MayBeShut { get; set; }

    /// <summary>It was not begun.</summary>
    public bool IsRefused { get; set; }

    public DatagramHandle Handle { get; set; }

    /// <summary>Who awaits that it is open; null for nobody.</summary>
    public DatagramRequest? Request { get; set; }

    public int Ends { get; set; }

    /// <summary>How many its handler, and how many other threads have sent to it.</summary>
    public int[] Said { get; } = new int[2];
}
