using Gain.Slots;

namespace Gain.Workers;

/// <summary>The timers of a worker itself, behind those of its slots in the wheel.</summary>
internal enum WorkerTimer
{
    /// <summary>A stop's deadline.</summary>
    Stop = 0,

    /// <summary>Accepting again after an error.</summary>
    AcceptRetry = 1,

    /// <summary>Accepting again when the rate allows it.</summary>
    AcceptRate = 2,

    /// <summary>Giving memory back that was not needed lately.</summary>
    Trim = 3,

    /// <summary>The deadline of the answer that has been due for longest.</summary>
    Hold = 4,

    /// <summary>Receiving datagrams again after an error.</summary>
    DatagramRetry = 5,

    /// <summary>
    /// The idle time of the socket for datagrams that was dialled and has the first place; those of the
    /// others follow.
    /// </summary>
    FirstDialled = SlotTable.OwnTimers,
}
