using Gain.Tls.OpenSsl;

namespace Gain.Tls;

/// <content>What OpenSSL's callbacks ask, in the middle of a call.</content>
internal sealed unsafe partial class TlsSession
{
    private const int FatalLevel = 2;

    private long _tag;
    private Task<TlsCertificate?>? _choice;
    private CertificateContent? _chosen;

    internal TlsTicketKeys? TicketKeys => _context!.TicketKeys;

    internal TlsPeerCheck? CheckPeer => _context!.CheckPeer;

    internal ReadOnlySpan<byte> Protocols => _context!.Protocols;

    internal string? KeyLogFile => _context!.KeyLogFile;

    internal ReadOnlySpan<byte> OcspStaple => _chosen is { } chosen ? chosen.OcspStaple : default;

    /// <summary>Chooses the certificate, before OpenSSL has looked at anything else that the client
    /// sent.</summary>
    internal int OnClientHello(ReadOnlySpan<byte> extension, ref int alert)
    {
        Span<char> room = stackalloc char[ServerName.MaxLength];
        if (!ServerName.TryRead(extension, room, out int length))
        {
            alert = Ssl.SSL_AD_UNRECOGNIZED_NAME;
            return Ssl.SSL_CLIENT_HELLO_ERROR;
        }

        ReadOnlySpan<char> name = room[..length];
        if (_context!.SelectCertificate is { } select)
        {
            TlsCertificate? selected = Choose(select, name, out bool isMade);
            if (!isMade)
            {
                return Ssl.SSL_CLIENT_HELLO_RETRY;
            }

            if (selected is not null)
            {
                _chosen = selected.Content;
                return _chosen.ApplyToSession(_ssl)
                    ? Ssl.SSL_CLIENT_HELLO_SUCCESS
                    : Ssl.SSL_CLIENT_HELLO_ERROR;
            }
        }

        if (_context.TryFind(name, out NamedContext named))
        {
            _chosen = named.Certificate;
            return LibSsl.SSL_set_SSL_CTX(_ssl, named.Handle.Pointer) != 0
                ? Ssl.SSL_CLIENT_HELLO_SUCCESS
                : Ssl.SSL_CLIENT_HELLO_ERROR;
        }

        return Ssl.SSL_CLIENT_HELLO_SUCCESS;
    }

    internal void OnAlert(bool isSent, int level, int number)
    {
        if (level != FatalLevel)
        {
            return;
        }

        if (isSent)
        {
            _alertSent = number;
        }
        else
        {
            _alertReceived = number;
        }
    }

    /// <summary>Counts the messages after the handshake that make work and carry nothing.</summary>
    internal void OnHandshakeState(int state)
    {
        bool isUnproductive = _isUp && state is Ssl.TLS_ST_SR_KEY_UPDATE or Ssl.TLS_ST_CR_KEY_UPDATE
            or Ssl.TLS_ST_SR_CLNT_HELLO or Ssl.TLS_ST_CR_HELLO_REQ or Ssl.TLS_ST_CR_SESSION_TICKET;
        if (isUnproductive && ++_unproductive > MaxUnproductiveMessages)
        {
            _isFlooding = true;
            _window!.Native->IsRefusing = true;
        }
    }

    /// <summary>The server has sent a ticket.</summary>
    /// <returns>Whether it is kept, and its reference with it.</returns>
    internal bool OnNewSession(nint session) =>
        _target.Host is not null && _context!.Resumptions is { } resumptions
            && resumptions.TryKeep(_target, session, Environment.TickCount64);

    /// <summary>Keeps what the user's code has thrown; the session fails with it.</summary>
    internal void OnCallbackThrew(Exception fault)
    {
        _thrown = fault;
        _window!.Native->IsRefusing = true;
    }

    // OpenSSL asks again at each call while the choice is not made; it is begun once.
    private TlsCertificate? Choose(
        Func<TlsClientHello, ValueTask<TlsCertificate?>> select, ReadOnlySpan<char> name, out bool isMade)
    {
        if (_choice is null)
        {
            ValueTask<TlsCertificate?> choice =
                select(new TlsClientHello(name.IsEmpty ? null : name.ToString()));
            if (choice.IsCompletedSuccessfully)
            {
                isMade = true;
                return choice.Result;
            }

            _choice = choice.AsTask();
            Action<long>? resumable = _context!.Resumable;
            long tag = _tag;
            if (!_choice.IsCompleted)
            {
                _choice.ContinueWith(
                    _ => resumable?.Invoke(tag), CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }

        isMade = _choice.IsCompleted;
        return isMade ? _choice.GetAwaiter().GetResult() : null;
    }
}
