namespace Gain.Slots;

/// <summary>
/// The place of a socket for datagrams among those of its worker. One that is dialled has a place that others
/// had before, as a connection has a slot.
/// </summary>
/// <param name="index">Which it is; listeners' and dialled ones count apart.</param>
internal abstract class DatagramPlace(int index)
{
    private uint _generation;

    public int Index => index;

    /// <summary>
    /// Which of the sockets of the place is there, or comes next. Written by the worker; any thread may read.
    /// </summary>
    public uint Generation => Volatile.Read(ref _generation);

    /// <summary>The socket that was there has ended: what names it names nothing. The worker's
    /// thread.</summary>
    public void EndGeneration() => Volatile.Write(ref _generation, _generation + 1);
}
