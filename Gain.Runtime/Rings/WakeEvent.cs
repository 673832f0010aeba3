using System.Runtime.InteropServices;
using Gain.Kernel;

namespace Gain.Rings;

/// <summary>
/// An eventfd by which other threads end a worker's wait, and the memory that its read fills.
/// </summary>
internal sealed unsafe class WakeEvent : IDisposable
{
    // Another thread may signal while the worker ends: it must not write to a descriptor reused meanwhile.
    private readonly Lock _gate = new();
    private readonly ulong* _buffer;
    private int _descriptor;

    public WakeEvent()
    {
        // Blocking: a ring waits for a blocking eventfd, and fails at once on another.
        int descriptor = Libc.EventFd(0, Libc.EFD_CLOEXEC);
        if (descriptor < 0)
        {
            throw GainException.ForSystemCall("Cannot make a worker's eventfd", -descriptor);
        }

        _descriptor = descriptor;
        _buffer = (ulong*)NativeMemory.AllocZeroed(sizeof(ulong));
    }

    public int Descriptor => _descriptor;

    // SAFETY: the kernel writes here while a read of the descriptor is in flight; freed after the ring.
    public ulong* Buffer => _buffer;

    /// <summary>Ends the wait, now or the next one. Any thread, also after the worker's end.</summary>
    public void Signal()
    {
        lock (_gate)
        {
            if (_descriptor >= 0)
            {
                ulong one = 1;
                Libc.Write(_descriptor, &one, sizeof(ulong));
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Libc.Close(_descriptor);
            _descriptor = -1;
            NativeMemory.Free(_buffer);
        }
    }
}
