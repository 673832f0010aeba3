using Gain.Kernel;
using Gain.Uring;

namespace Gain.Rings;

/// <summary>
/// The seam between a worker and the kernel: submissions in, completions out. Implementations are structs,
/// so that <c>Worker&lt;TProtocol, TRing&gt;</c> calls them directly.
/// </summary>
/// <remarks>
/// Everything but <see cref="Wake"/> belongs to the worker's thread. A method named <c>Prep…</c> queues one
/// operation under the given user_data; it never fails and never blocks, and the operation starts at the
/// next <see cref="Enter"/> at the latest. What each operation promises is what io_uring promises: the
/// last completion of an operation, and only that, lacks <see cref="CompletionEntry.HasMore"/>.
/// </remarks>
internal interface IRing : IDatagramSink, IConnector, ISplicer, IDisposable
{
    /// <summary>
    /// The most pieces in one gathered send: 256 KiB, so that progress shows while it goes on.
    /// </summary>
    internal const int MaxPieces = 16;

    /// <summary>
    /// The ring's description for logs and banners, as in <c>io_uring (DEFER_TASKRUN, …)</c>.
    /// </summary>
    internal string Description { get; }

    /// <summary>
    /// The monotonic clock in milliseconds, never 0. Everything that a worker does in time goes by it.
    /// </summary>
    internal long NowMs { get; }

    /// <summary>
    /// How often completions did not fit into the ring's queue, and waited in the kernel. Any thread.
    /// </summary>
    internal long Overflows { get; }

    /// <summary>
    /// Prepares the multishot accept of a listener; each completion's result is a new descriptor.
    /// </summary>
    internal void PrepAccept(int listener, ulong userData);

    /// <summary>
    /// Prepares the accept of one connection, for a listener that several rings wait at: each connection
    /// wakes one of them, the one that has waited longest.
    /// </summary>
    internal void PrepAcceptOne(int listener, ulong userData);

    /// <summary>Prepares the multishot receive of a socket into the ring's buffers.</summary>
    internal void PrepReceive(int socket, ulong userData);

    /// <summary>
    /// Prepares a send. The memory is the kernel's until the completion; the send is not complete before
    /// everything went out, except at an error or a cancellation.
    /// </summary>
    internal unsafe void PrepSend(int socket, byte* data, int length, ulong userData);

    /// <summary>Like <see cref="PrepSend"/>, for several pieces of memory; the list itself is
    /// copied.</summary>
    internal void PrepSendGather(int socket, ReadOnlySpan<iovec> pieces, ulong userData);

    /// <summary>Sends at once what the socket's buffer takes, without waiting.</summary>
    /// <returns>The bytes sent, or a negative errno.</returns>
    internal unsafe int SendNow(int socket, byte* data, int length);

    /// <summary>Sends FIN at once: nothing may be sent anymore.</summary>
    /// <returns>0, or a negative errno.</returns>
    internal int ShutdownWrite(int socket);

    /// <summary>Makes the coming <see cref="Close"/> reset the connection.</summary>
    internal void ResetOnClose(int socket);

    /// <summary>
    /// Closes a descriptor. Nothing on it may be in flight. Also a default value closes, as a worker has
    /// listeners to close whose ring could not be made.
    /// </summary>
    internal void Close(int descriptor);

    /// <summary>Finds out who is at the other end of a connected socket.</summary>
    /// <returns>
    /// False when the peer has already gone. A Unix socket's is <see cref="GainAddress.Unix"/>.
    /// </returns>
    internal bool TryGetPeer(int socket, out GainAddress peer);

    /// <summary>
    /// Counts the bytes that have arrived at a socket and that no receive has taken; of a socket for
    /// datagrams, those of the next one.
    /// </summary>
    /// <returns>The bytes; 0 or less when there are none, or it cannot be told.</returns>
    internal int CountUnread(int socket);

    /// <summary>
    /// Counts the bytes that a receive has taken from its socket and that the ring has not handed out, as
    /// they came after the batch began or are kept back for a later one: they have arrived as those of
    /// <see cref="CountUnread"/> have.
    /// </summary>
    /// <param name="userData">The receive's user_data.</param>
    internal long CountHeldBack(ulong userData);

    /// <summary>Accepts one of those who wait at a listener, without waiting. No accept may be armed on
    /// it.</summary>
    /// <returns>The new descriptor, or a negative errno: EAGAIN when nobody waits.</returns>
    internal int AcceptNow(int listener);

    /// <summary>
    /// Prepares the multishot receive of a socket's datagrams into the ring's buffers for these. Each
    /// completion with a buffer is one datagram, or several that the kernel has joined (UDP_GRO); also one
    /// of no bytes, which ends the receive like an error does.
    /// </summary>
    /// <param name="socket">The socket.</param>
    /// <param name="isUnix">Whether it is a Unix socket; see <see cref="DatagramHead"/>.</param>
    /// <param name="userData">The operation's user_data.</param>
    internal void PrepReceiveDatagrams(int socket, bool isUnix, ulong userData);

    /// <summary>
    /// What a datagram's receive put into a buffer, a <see cref="DatagramHead"/> and the payload; valid until
    /// <see cref="RecycleDatagram"/>.
    /// </summary>
    internal Span<byte> ReceivedDatagram(ushort bufferId, int length);

    /// <summary>Like <see cref="Recycle"/>, for a datagram's buffer.</summary>
    internal void RecycleDatagram(ushort bufferId);

    /// <summary>
    /// Prepares the wait for room in a socket's send buffer, after a send that found none: one completion.
    /// </summary>
    internal void PrepAwaitRoom(int socket, ulong userData);

    /// <summary>
    /// Prepares the wait for the end of a connected socket by an error, such as its peer's reset: one
    /// completion, with the bits of poll(2). It may come earlier, with POLLRDHUP or POLLHUP alone.
    /// </summary>
    internal void PrepAwaitHangUp(int socket, ulong userData);

    /// <summary>Like <see cref="PrepCancel"/>, for the wait of a socket for its end.</summary>
    internal void PrepCancelHangUp(int socket, ulong target, ulong userData);

    /// <summary>Prepares the cancellation of the operation with the given user_data.</summary>
    internal void PrepCancel(ulong target, ulong userData);

    /// <summary>
    /// Submits what was prepared and takes in completions. Waits for at least one when
    /// <paramref name="timeoutNs"/> is not zero and none is there, none that is held back either.
    /// </summary>
    /// <param name="timeoutNs">The longest wait in nanoseconds; 0: do not wait; negative: no limit.</param>
    internal void Enter(long timeoutNs);

    /// <summary>
    /// Takes the snapshot of completions that <see cref="TryTake"/> hands out. It may keep some back for the
    /// next one; those of one operation come in their order in any case.
    /// </summary>
    internal void BeginBatch();

    /// <summary>Takes the next completion of the batch, if there is one.</summary>
    internal bool TryTake(out CompletionEntry completion);

    /// <summary>Gives the batch's completion entries and buffers back to the kernel.</summary>
    internal void EndBatch();

    /// <summary>The bytes that a receive put into a buffer; valid until <see cref="Recycle"/>.</summary>
    internal ReadOnlySpan<byte> Received(ushort bufferId, int length);

    /// <summary>Gives a receive buffer back. The kernel sees it after <see cref="EndBatch"/>.</summary>
    internal void Recycle(ushort bufferId);

    /// <summary>
    /// The receive buffers, those of datagrams included, that neither the kernel nor the ring holds, after a
    /// batch's end and with no receive in flight: 0, or some were lost.
    /// </summary>
    internal int CountLentBuffers();

    /// <summary>
    /// Closes the ring while operations may be in flight. What they use stays allocated for good: the kernel
    /// ends them some time later, and until then may write to it.
    /// </summary>
    internal void Abandon();

    /// <summary>Ends the worker's wait, now or the next one. Any thread.</summary>
    internal void Wake();

    /// <summary>
    /// Makes a way by which rings of the same kind may send this one messages. Once it is made; any thread.
    /// </summary>
    /// <returns>
    /// A descriptor, which the caller closes, and which works as long as it is open; negative where there is
    /// no such way.
    /// </returns>
    internal int OpenMessageWay();

    /// <summary>
    /// Prepares a message to another ring, which gets a completion, and ends its wait. This ring gets one
    /// only when the message was not sent.
    /// </summary>
    /// <param name="way">What the other ring's <see cref="OpenMessageWay"/> returned; not negative.</param>
    /// <param name="data">The user_data of the completion there.</param>
    /// <param name="userData">The user_data of the failure here.</param>
    internal void PrepMessage(int way, ulong data, ulong userData);

    /// <summary>Consumes the completion of a wake-up, which has the operation <c>Wake</c>.</summary>
    internal void HandleWake(CompletionEntry completion);
}
