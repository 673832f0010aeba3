using Gain.Kernel;

namespace Gain.Rings;

/// <summary>An eventfd by which other threads end a worker's wait.</summary>
/// <remarks>
/// A ring polls it and the worker reads it, so that no operation in flight has memory of ours to write to.
/// </remarks>
internal sealed unsafe class WakeEvent : IDisposable
{
    // Another thread may signal while the worker ends: it must not write to a descriptor reused meanwhile.
    private readonly Lock _gate = new();
    private int _descriptor;

    public WakeEvent()
    {
        int descriptor = Libc.EventFd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
        if (descriptor < 0)
        {
            throw GainException.ForSystemCall("Cannot make a worker's eventfd", -descriptor);
        }

        _descriptor = descriptor;
    }

    public int Descriptor => _descriptor;

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

    /// <summary>Takes the signals so far, so that the next one is seen. The worker's thread.</summary>
    public void Reset()
    {
        // EAGAIN, when there was none, is as good.
        ulong count;
        Libc.Read(_descriptor, &count, sizeof(ulong));
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_descriptor >= 0)
            {
                Libc.Close(_descriptor);
                _descriptor = -1;
            }
        }
    }
}
