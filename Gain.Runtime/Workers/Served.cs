namespace Gain.Workers;

/// <summary>What stands for no slot, where a slot says who is being served.</summary>
internal static class Served
{
    /// <summary>OnDatagram, which belongs to no connection.</summary>
    public const int Datagram = -2;

    /// <summary>No receive buffer is lent to a callback.</summary>
    public const int NoBuffer = -1;

    /// <summary>No timer runs: above those of slots, and none of the worker's own.</summary>
    public const int NoTimer = int.MaxValue;
}
