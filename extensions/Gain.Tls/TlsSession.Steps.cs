using Gain.Tls.OpenSsl;

namespace Gain.Tls;

/// <content>The calls into OpenSSL and what comes of them.</content>
internal sealed unsafe partial class TlsSession
{
    private void Reset(long tag)
    {
        _tag = tag;
        _isUp = false;
        _isFailed = false;
        _isFlooding = false;
        _unproductive = 0;
        _alertSent = -1;
        _alertReceived = -1;
        _thrown = null;
        _choice = null;
        _chosen = _context!.DefaultCertificate;
        Failure = default;
    }

    private void ThrowIfEnded()
    {
        if (_ssl == 0)
        {
            throw new InvalidOperationException("The session was not started, or has ended.");
        }
    }

    // The window is the worker's: what a session left there would be read or sent by another.
    private BioWindow* Enter()
    {
        if (SslCallbacks.Current is not null)
        {
            throw new InvalidOperationException("A callback of TLS cannot use a session of the same thread.");
        }

        BioWindow* window = _window!.Native;
        window->IsRefusing = false;
        window->HasOverflowed = false;
        window->SpillLength = 0;
        window->Out = null;
        window->OutCapacity = 0;
        window->OutLength = 0;
        SslCallbacks.Current = this;
        return window;
    }

    private TlsStatus Handshake()
    {
        LibCrypto.ERR_clear_error();
        int result = LibSsl.SSL_do_handshake(_ssl);
        if (result == 1)
        {
            _isUp = true;
            return TlsStatus.Handshaken;
        }

        return LibSsl.SSL_get_error(_ssl, result) switch
        {
            Ssl.SSL_ERROR_WANT_READ when CanGoOn() => TlsStatus.NeedsInput,
            Ssl.SSL_ERROR_WANT_CLIENT_HELLO_CB => TlsStatus.Suspended,
            _ => FailByOpenSsl(),
        };
    }

    // SAFETY: `to` is the caller's pinned memory of `length` bytes.
    private TlsStatus Read(byte* to, int length, out int count)
    {
        LibCrypto.ERR_clear_error();
        int result = LibSsl.SSL_read(_ssl, to, length);
        count = Math.Max(result, 0);
        if (result > 0)
        {
            _unproductive = 0;
            return TlsStatus.Data;
        }

        return LibSsl.SSL_get_error(_ssl, result) switch
        {
            Ssl.SSL_ERROR_WANT_READ when CanGoOn() => TlsStatus.NeedsInput,
            Ssl.SSL_ERROR_ZERO_RETURN => TlsStatus.Closed,
            _ => FailByOpenSsl(),
        };
    }

    // SAFETY: both spans are pinned for the call; the window forgets the lent memory before they are
    // unpinned.
    private int SendRecord(ReadOnlySpan<byte> plaintext, Span<byte> room)
    {
        BioWindow* window = Enter();
        fixed (byte* from = plaintext)
        fixed (byte* to = room)
        {
            window->Out = to;
            window->OutCapacity = room.Length;
            LibCrypto.ERR_clear_error();
            try
            {
                if (LibSsl.SSL_write(_ssl, from, plaintext.Length) != plaintext.Length)
                {
                    FailByOpenSsl();
                }
            }
            finally
            {
                SslCallbacks.Current = null;
                window->Out = null;
                window->OutCapacity = 0;
            }

            return window->OutLength;
        }
    }

    // SAFETY: nothing writes to the spill while the output reads it.
    private void FlushSpill<TOutput>(ref TOutput output)
        where TOutput : struct, ITlsOutput, allows ref struct
    {
        BioWindow* window = _window!.Native;
        int length = window->SpillLength;
        if (length != 0)
        {
            window->SpillLength = 0;
            output.Write(new ReadOnlySpan<byte>(window->Spill, length));
        }
    }

    private bool CanGoOn() => !_isFlooding && _thrown is null && !_window!.Native->HasOverflowed;

    private TlsStatus FailByOpenSsl()
    {
        nuint code = LibCrypto.ERR_peek_error();
        TlsFailureKind kind = this switch
        {
            _ when _thrown is not null => TlsFailureKind.Callback,
            _ when _window!.Native->HasOverflowed => TlsFailureKind.OutputLimit,
            _ when _isFlooding => TlsFailureKind.Flood,
            _ when _alertReceived >= 0 => TlsFailureKind.AlertReceived,
            _ when IsCertificateFault(code) => TlsFailureKind.Certificate,
            _ when IsHttp(code) => TlsFailureKind.PlainHttp,
            _ => TlsFailureKind.Protocol,
        };
        TellPeer(kind);
        return Fail(kind, code);
    }

    // OpenSSL says nothing to one who does not speak TLS at all. An alert tells the peer of a wrong port
    // that there is TLS behind it.
    private void TellPeer(TlsFailureKind kind)
    {
        BioWindow* window = _window!.Native;
        if (_isUp || kind is not (TlsFailureKind.PlainHttp or TlsFailureKind.Protocol) || _alertSent >= 0
            || window->SpillLength != 0 || window->SpillCapacity < 7)
        {
            return;
        }

        _alertSent = Ssl.SSL_AD_DECODE_ERROR;
        ReadOnlySpan<byte> alert = [21, 3, 3, 0, 2, 2, Ssl.SSL_AD_DECODE_ERROR];
        alert.CopyTo(new Span<byte>(window->Spill, window->SpillCapacity));
        window->SpillLength = alert.Length;
    }

    private TlsStatus Fail(TlsFailureKind kind, nuint code)
    {
        _isFailed = true;
        int verification = kind == TlsFailureKind.Truncated ? 0 : (int)LibSsl.SSL_get_verify_result(_ssl);
        Failure = new TlsFailure(kind, _alertSent, _alertReceived, code, verification, _thrown);
        LibCrypto.ERR_clear_error();
        return TlsStatus.Failed;
    }

    // The reason is in the low 23 bits (ERR_GET_REASON): 134 is certificate_verify_failed, 199 that the peer
    // sent no certificate, 155 and 156 are requests of HTTP.
    private static bool IsCertificateFault(nuint code) => ((uint)code & 0x7fffff) is 134 or 199;

    private static bool IsHttp(nuint code) => ((uint)code & 0x7fffff) is 155 or 156;
}
