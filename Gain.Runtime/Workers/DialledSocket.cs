using Gain.Datagrams;
using Gain.Slots;

namespace Gain.Workers;

/// <summary>
/// A place for a socket for datagrams that is dialled, with what its worker knows of the one that is there.
/// It is free again when nothing of that one is in flight.
/// </summary>
internal sealed class DialledSocket(DatagramSocket socket)
{
    public DatagramSocket Socket => socket;

    public DialledState State { get; set; }

    /// <summary>How it is dialled.</summary>
    public DatagramDialSetting Setting { get; set; } = null!;

    /// <summary>Who is told in place of the handler if it does not open; null for nobody.</summary>
    public DialWaiter? Waiter { get; set; }

    /// <summary>Nobody has it: its end is told to nobody.</summary>
    public bool IsUntold { get; set; }

    /// <summary>The operations whose last completions have not come.</summary>
    public int InFlight { get; set; }

    public bool IsConnecting { get; set; }

    public bool IsConnected { get; set; }

    public bool IsReceiving { get; set; }

    public bool IsReceiveCancelled { get; set; }

    public bool IsRoomCancelled { get; set; }

    /// <summary>When it last sent or received.</summary>
    public long UsedMs { get; set; }

    /// <summary>It is to end for being idle, once the ring has told what it had taken from it.</summary>
    public bool IsProbed { get; set; }

    /// <summary>Why it ends; <see cref="DatagramEndReason.None"/> while it does not.</summary>
    public DatagramEndReason Reason { get; set; }

    /// <summary>The error that it ends for; 0 for none.</summary>
    public int Errno { get; set; }

    /// <summary>How many more looks what had arrived has to be delivered before the end; 0 for
    /// none.</summary>
    public int Rest { get; set; }

    /// <summary>Whether it is in the list of those that need attention.</summary>
    public bool IsPending { get; set; }

    /// <summary>Another socket has the place.</summary>
    public void Begin(DatagramDialSetting setting, DialWaiter? waiter, int errno, long nowMs)
    {
        State = DialledState.Opening;
        Setting = setting;
        Waiter = waiter;
        IsUntold = false;
        IsConnected = false;
        IsReceiveCancelled = false;
        IsRoomCancelled = false;
        UsedMs = nowMs;
        IsProbed = false;
        Reason = DatagramEndReason.None;
        Errno = errno;
        Rest = 0;
        socket.AwaitsRoom = false;
        socket.Outbox.PeerError = 0;
    }
}
