using System.Runtime.InteropServices;
using Gain.Tls.OpenSsl;

namespace Gain.Tls;

/// <summary>
/// What all sessions of one worker share: the ends of their BIOs, and a spill for ciphertext that has no
/// place yet. One session at a time uses it, on the worker's thread.
/// </summary>
internal sealed unsafe class TlsWindow : IDisposable
{
    /// <summary>
    /// The most that one call may write beside the memory that is lent: a flight of the handshake with a
    /// chain of certificates. Beyond it the session fails, so that no peer makes a worker hoard memory.
    /// </summary>
    internal const int MaxSpillBytes = 256 * 1024;

    private const int InitialSpillBytes = 16 * 1024;

    private BioWindow* _native;
    private int _sessions;
    private bool _isDisposed;

    // SAFETY: freed once, in Free, after the last session that has a BIO over it.
    internal TlsWindow()
    {
        OpenSslLibrary.EnsureLoaded();
        _native = (BioWindow*)NativeMemory.AllocZeroed((nuint)sizeof(BioWindow));
        _native->Spill = (byte*)NativeMemory.Alloc(InitialSpillBytes);
        _native->SpillCapacity = InitialSpillBytes;
        _native->SpillLimit = MaxSpillBytes;
    }

    /// <summary>The native part, while a session is attached.</summary>
    internal BioWindow* Native => _native;

    /// <summary>The sessions that have not ended.</summary>
    internal int Sessions => _sessions;

    /// <summary>Frees the memory, now or when the last session ends.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            FreeWhenUnused();
        }
    }

    internal void Attach()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _sessions++;
    }

    internal void Detach()
    {
        _sessions--;
        FreeWhenUnused();
    }

    private void FreeWhenUnused()
    {
        if (_isDisposed && _sessions == 0 && _native != null)
        {
            NativeMemory.Free(_native->Spill);
            NativeMemory.Free(_native);
            _native = null;
        }
    }
}
