namespace Gain;

/// <remarks>Addresses that come and go while the server runs.</remarks>
public sealed partial class GainServer
{
    /// <summary>
    /// Listens on one address more. Its connections are served like those of an address that the server was
    /// started with: by the same prototype, as it was after <c>OnStart</c>, with the same certificates, and
    /// with that address's <see cref="Connection.ListenerIndex"/>.
    /// </summary>
    /// <param name="address">
    /// <c>tcp://…</c>, <c>tls://…</c> or <c>unix://…</c>, as for
    /// <see cref="Start{TProtocol}(TProtocol, string, GainOptions)"/>. Not datagrams, nor <c>systemd:</c>:
    /// those have to be there when the server starts.
    /// </param>
    /// <param name="like">
    /// The address that it is served like: one of the start, also after <see cref="StopListeningAsync"/> and
    /// whatever was added there since, or another of <see cref="Addresses"/>. Null where the server has one
    /// protocol; <c>tls://</c> is served like
    /// <c>tls://</c>, and the others like those without TLS.
    /// </param>
    /// <param name="tag">
    /// <see cref="Connection.ListenerTag"/> of its connections, by which a protocol tells added addresses
    /// apart: any number, also one that others have. A tag that is given again may meet connections of an
    /// address that was stopped, as those go on.
    /// </param>
    /// <returns>
    /// Where it is bound, with the port that the kernel chose for port 0. Clients can connect from now on.
    /// </returns>
    /// <remarks>
    /// At most 256 sockets can be added at one time; a name that stands for several IP addresses has several.
    /// The call looks up names, and may wait for an address for <see cref="TimeoutOptions.BindRetry"/>: in a
    /// callback, use <see cref="AddListenerAsync"/>.
    /// </remarks>
    /// <exception cref="GainException">
    /// The address is invalid, in use, or not available, as for a start; the server stops or has stopped; or
    /// it cannot be told how the address is to be served. Nothing is changed.
    /// </exception>
    public IReadOnlyList<string> AddListener(string address, string? like = null, byte tag = 0)
    {
        ArgumentNullException.ThrowIfNull(address);
        return _listening.Add(address, like, tag, CancellationToken.None);
    }

    /// <summary>Listens on one address more without holding up the caller.</summary>
    /// <param name="address">As for <see cref="AddListener"/>.</param>
    /// <param name="like">As for <see cref="AddListener"/>.</param>
    /// <param name="tag">As for <see cref="AddListener"/>.</param>
    /// <param name="cancellationToken">Ends a wait for the address.</param>
    /// <returns>As for <see cref="AddListener"/>.</returns>
    /// <exception cref="GainException">As for <see cref="AddListener"/> (in the task).</exception>
    /// <exception cref="OperationCanceledException">It was cancelled (in the task).</exception>
    public Task<IReadOnlyList<string>> AddListenerAsync(
        string address,
        string? like = null,
        byte tag = 0,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Task.Run(() => _listening.Add(address, like, tag, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Stops to accept at one address, and goes on serving: the connections that came in there stay, and who
    /// waits in the listen queue is still taken in. Then the sockets are closed, and the file of a Unix
    /// socket is removed. A server that listens nowhere goes on until it is stopped.
    /// </summary>
    /// <param name="address">
    /// One of <see cref="Addresses"/>, or as it was given. A name that stands for several IP addresses is one
    /// address, which is named as it was given.
    /// </param>
    /// <returns>
    /// A task that ends when the address is free. It takes as long as clients in the queue have to wait, as
    /// for room under <see cref="ConnectionLimitPolicy.StopAccepting"/> or for
    /// <c>Accepting.MaxPerSecond</c>. If the server is stopped meanwhile, it ends with the stop. Called from
    /// a callback of this server, the method returns a task that has already ended: the address is no longer
    /// listened on soon after.
    /// </returns>
    /// <remarks>
    /// A client whose connect completes between the last look at the queue and the close is reset, as at a
    /// stop: no call of Linux closes only an empty queue.
    /// </remarks>
    /// <exception cref="GainException">
    /// The server does not listen there, or datagrams arrive there.
    /// </exception>
    public Task StopListeningAsync(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Task ended = _listening.End(address);
        return _workers.IsCurrent ? Task.CompletedTask : ended;
    }
}
