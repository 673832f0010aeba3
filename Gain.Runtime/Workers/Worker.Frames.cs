using System.Runtime.CompilerServices;
using Gain.Slots;

namespace Gain.Workers;

internal sealed unsafe partial class Worker<TProtocol, TRing>
{
    /// <summary>
    /// Called when callbacks have run, and before anything is sent: a frame that one of them began and did
    /// not end is its fault, which closes its connection.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CheckFrameEnded()
    {
        if (_writer.OpenFrame != Slot.None)
        {
            FaultOpenFrame();
        }
    }

    private void FaultOpenFrame()
    {
        _calling = _writer.OpenFrame;
        throw new InvalidOperationException(
            "A callback returned with a frame open: it has to end what it began with BeginFrame, by EndFrame "
            + "or CancelFrame. Nothing of the frame is sent.");
    }
}
