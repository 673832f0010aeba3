using Gain.Tls.OpenSsl;

namespace Gain.Tls;

/// <summary>
/// TLS for one connection, without a socket: what was received goes in, plaintext and what is to be sent
/// come out. All calls are made on the thread of its <see cref="TlsWindow"/>, one at a time. An instance is
/// used again after
/// <see cref="End"/>, so that a handshake allocates no managed memory.
/// </summary>
internal sealed unsafe partial class TlsSession
{
    /// <summary>What a record holds at most, so that it fits a segment of the outbound queue with its
    /// overhead.</summary>
    internal const int MaxFragment = 16384 - RecordOverhead;

    /// <summary>
    /// What a record is longer than its content, at most, with the ciphers that are on by default: 5 bytes
    /// of header, 8 of nonce, 16 of tag. Older ciphers take up to 85; their records go through the spill.
    /// </summary>
    internal const int RecordOverhead = 64;

    /// <summary>The KeyUpdates, renegotiations and tickets that a peer may send without data in
    /// between.</summary>
    internal const int MaxUnproductiveMessages = 32;

    private TlsContext? _context;
    private TlsWindow? _window;
    private nint _ssl;
    private bool _isUp;
    private bool _isFailed;
    private bool _isFlooding;
    private int _unproductive;
    private int _alertSent;
    private int _alertReceived;
    private Exception? _thrown;
    private ResumptionTarget _target;

    /// <summary>Whether the session was started and has not ended.</summary>
    internal bool IsStarted => _ssl != 0;

    /// <summary>Whether the handshake is done.</summary>
    internal bool IsHandshaken => _isUp;

    /// <summary>Why it has failed, after <see cref="TlsStatus.Failed"/>.</summary>
    internal TlsFailure Failure { get; private set; }

    /// <summary>Whether OpenSSL holds plaintext that a call without input gives.</summary>
    internal bool HasPlaintext => _ssl != 0 && _isUp && !_isFailed && LibSsl.SSL_pending(_ssl) > 0;

    /// <summary>Whether the peer has sent close_notify.</summary>
    internal bool HasReceivedClose =>
        _ssl != 0 && (LibSsl.SSL_get_shutdown(_ssl) & Ssl.SSL_RECEIVED_SHUTDOWN) != 0;

    /// <summary>Whether close_notify was sent.</summary>
    internal bool HasSentClose => _ssl != 0 && (LibSsl.SSL_get_shutdown(_ssl) & Ssl.SSL_SENT_SHUTDOWN) != 0;

    /// <summary>Begins a session; a client sends its first flight in the first <see
    /// cref="Receive"/>.</summary>
    /// <param name="context">The worker's; the session holds it until it ends.</param>
    /// <param name="window">The worker's.</param>
    /// <param name="tag">What <see cref="TlsContext.Resumable"/> is told.</param>
    /// <param name="host">A client's: the name or address that the server's certificate must be for.</param>
    /// <param name="resumption">A client's: the session to resume.</param>
    /// <param name="target">A client's: whose tickets are used and kept; the default for none.</param>
    // SAFETY: the SSL is freed once, in End. SSL_set_bio takes the BIO over; the window outlives it.
    internal void Start(
        TlsContext context, TlsWindow window, long tag = 0, string? host = null,
        TlsResumption? resumption = null, ResumptionTarget target = default)
    {
        if (_ssl != 0)
        {
            throw new InvalidOperationException("The session has not ended: call End before the next Start.");
        }

        context.AddReference();
        window.Attach();
        _context = context;
        _window = window;
        Reset(tag);
        _target = target;
        LibCrypto.ERR_clear_error();
        _ssl = LibSsl.SSL_new(context.Pointer);
        nint bio = _ssl == 0 ? 0 : BioMethod.New(window.Native);
        if (bio == 0)
        {
            string reason = OpenSslErrors.Take();
            End();
            throw new TlsException(TlsError.OpenSslFailed, $"A TLS session cannot be made: {reason}.");
        }

        LibSsl.SSL_set_bio(_ssl, bio, bio);
        if (context.IsServer)
        {
            LibSsl.SSL_set_accept_state(_ssl);
        }
        else
        {
            StartClient(host, resumption);
        }
    }

    /// <summary>
    /// Takes what was received, and goes one step: to the end of the handshake, to a piece of plaintext, or
    /// to the end of the input. What it writes of itself (handshake, tickets, KeyUpdate, alerts) goes to the
    /// output.
    /// </summary>
    /// <param name="input">What was received; what was taken is cut off its front.</param>
    /// <param name="plaintext">Room for plaintext, at least a byte; 16,384 take any record at once.</param>
    /// <param name="output">Where ciphertext goes.</param>
    /// <param name="count">The bytes of plaintext, when there is <see cref="TlsStatus.Data"/>.</param>
    internal TlsStatus Receive<TOutput>(
        ref ReadOnlySpan<byte> input, Span<byte> plaintext, ref TOutput output, out int count)
        where TOutput : struct, ITlsOutput, allows ref struct
    {
        count = 0;
        ThrowIfEnded();
        if (plaintext.IsEmpty)
        {
            throw new ArgumentException("There is no room for plaintext.", nameof(plaintext));
        }

        if (_isFailed)
        {
            return TlsStatus.Failed;
        }

        TlsStatus status;
        BioWindow* window = Enter();
        fixed (byte* from = input)
        fixed (byte* to = plaintext)
        {
            window->In = from;
            window->InLength = input.Length;
            try
            {
                status = _isUp ? Read(to, plaintext.Length, out count) : Handshake();
            }
            finally
            {
                input = input[^window->InLength..];
                window->In = null;
                window->InLength = 0;
                SslCallbacks.Current = null;
            }
        }

        FlushSpill(ref output);
        return status;
    }

    /// <summary>Encrypts all of the plaintext into the output.</summary>
    /// <param name="plaintext">What to send.</param>
    /// <param name="output">Where ciphertext goes.</param>
    /// <param name="fragment">
    /// The most that one record holds: fewer for the first records after a pause let the peer decrypt sooner.
    /// </param>
    // SAFETY: the lent memory is pinned for the call of OpenSSL and forgotten after it.
    internal TlsStatus Send<TOutput>(
        ReadOnlySpan<byte> plaintext, ref TOutput output, int fragment = MaxFragment)
        where TOutput : struct, ITlsOutput, allows ref struct
    {
        ThrowIfEnded();
        if (!_isUp || HasSentClose)
        {
            throw new InvalidOperationException(
                _isUp ? "The session was closed for sending."
                    : "Nothing can be sent before the handshake is done.");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fragment);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fragment, MaxFragment);
        while (!plaintext.IsEmpty && !_isFailed)
        {
            int part = Math.Min(plaintext.Length, fragment);
            Span<byte> room = output.GetSpan(part + RecordOverhead);
            int written = SendRecord(plaintext[..part], room);
            if (written != 0)
            {
                output.Advance(written);
            }

            FlushSpill(ref output);
            plaintext = plaintext[part..];
        }

        return _isFailed ? TlsStatus.Failed : TlsStatus.Written;
    }

    /// <summary>
    /// Sends close_notify, once; what the peer still sends can be received. Nothing is sent before the end
    /// of the handshake, or after a fault, when OpenSSL forbids it.
    /// </summary>
    internal void Close<TOutput>(ref TOutput output)
        where TOutput : struct, ITlsOutput, allows ref struct
    {
        if (_ssl == 0 || !_isUp || _isFailed || HasSentClose)
        {
            return;
        }

        Enter();
        LibCrypto.ERR_clear_error();
        try
        {
            LibSsl.SSL_shutdown(_ssl);
        }
        finally
        {
            SslCallbacks.Current = null;
        }

        FlushSpill(ref output);
    }

    /// <summary>
    /// The connection's input has ended (FIN). It is a clean end only if close_notify has come: without it
    /// anyone on the way can have cut off what was sent.
    /// </summary>
    internal TlsStatus EndOfInput()
    {
        ThrowIfEnded();
        if (_isFailed)
        {
            return TlsStatus.Failed;
        }

        return HasReceivedClose ? TlsStatus.Closed : Fail(TlsFailureKind.Truncated, code: 0);
    }

    /// <summary>Sends with new keys from now on, and asks the peer to do so (TLS 1.3); a long connection
    /// should.</summary>
    /// <returns>Whether the version has it.</returns>
    internal bool UpdateKeys<TOutput>(ref TOutput output)
        where TOutput : struct, ITlsOutput, allows ref struct
    {
        ThrowIfEnded();
        if (!_isUp || _isFailed || HasSentClose)
        {
            return false;
        }

        Enter();
        LibCrypto.ERR_clear_error();
        bool isUpdated;
        try
        {
            isUpdated = LibSsl.SSL_key_update(_ssl, Ssl.SSL_KEY_UPDATE_REQUESTED) == 1
                && LibSsl.SSL_do_handshake(_ssl) == 1;

            // The peer has to answer it, which is not its flood.
            _unproductive -= isUpdated ? 1 : 0;
        }
        finally
        {
            SslCallbacks.Current = null;
        }

        FlushSpill(ref output);
        return isUpdated;
    }

    /// <summary>Frees the SSL, once, in whatever state it is; the instance can be started again.</summary>
    internal void End()
    {
        nint ssl = _ssl;
        _ssl = 0;
        _isUp = false;
        _choice = null;
        _chosen = null;
        if (ssl != 0)
        {
            LibSsl.SSL_free(ssl);
        }

        _window?.Detach();
        _window = null;
        _context?.Release();
        _context = null;
    }
}
