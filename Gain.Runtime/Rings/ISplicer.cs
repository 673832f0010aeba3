namespace Gain.Rings;

/// <summary>
/// The part of a ring's seam that relays need which have the kernel move the bytes: splice(2), through pipes.
/// </summary>
internal interface ISplicer
{
    /// <summary>Makes a pipe. Both ends are closed by <see cref="IRing.Close"/>.</summary>
    /// <param name="bytes">How much it is to hold; what the user may have, it holds less.</param>
    /// <param name="pipe">The pipe.</param>
    /// <returns>0, or a negative errno.</returns>
    internal int OpenPipe(int bytes, out SplicePipe pipe);

    /// <summary>
    /// Has the two calls below never wait for a socket. Once for each, before them; operations of the ring
    /// may be in flight on it.
    /// </summary>
    /// <returns>0, or a negative errno.</returns>
    internal int PrepareSplice(int socket);

    /// <summary>Moves what has arrived at a socket into a pipe. No receive may be armed on it.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="pipe">The pipe, empty.</param>
    /// <param name="length">How many bytes at most.</param>
    /// <returns>The bytes; 0 when the peer has sent FIN, or a negative errno: EAGAIN when nothing has
    /// arrived.</returns>
    internal int SpliceIn(int socket, in SplicePipe pipe, int length);

    /// <summary>Moves bytes of a pipe to a socket. No send may be in flight on it.</summary>
    /// <param name="pipe">The pipe.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="length">How many bytes at most; it holds as many.</param>
    /// <returns>The bytes, or a negative errno: EAGAIN when the socket takes none now.</returns>
    internal int SpliceOut(in SplicePipe pipe, int socket, int length);

    /// <summary>Reads bytes of a pipe: they are to be copied after all.</summary>
    /// <param name="pipe">The pipe.</param>
    /// <param name="data">Where to; it holds as many.</param>
    /// <returns>The bytes, or a negative errno.</returns>
    internal int ReadPipe(in SplicePipe pipe, Span<byte> data);

    /// <summary>
    /// Prepares the wait for something to arrive at a socket, or for its end: one completion, with the bits
    /// of poll(2). It may come when nothing has.
    /// </summary>
    internal void PrepAwaitInput(int socket, ulong userData);
}
