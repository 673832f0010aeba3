using System.Runtime.InteropServices;
using Gain.Tls.OpenSsl;

namespace Gain.Tls;

/// <summary>What a client keeps of a session, to resume it later: one reference to an SSL_SESSION.</summary>
internal sealed class TlsResumption : SafeHandle
{
    internal TlsResumption(nint session)
        : base(0, ownsHandle: true) => SetHandle(session);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Makes a new SSL offer it to the server.</summary>
    internal bool ApplyTo(nint ssl) => LibSsl.SSL_set_session(ssl, handle) == 1;

    /// <inheritdoc/>
    // SAFETY: SafeHandle calls it once; an SSL that offers it has a reference of its own.
    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_SESSION_free(handle);
        return true;
    }
}
