using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Mail;
using Gain.Memory;
using Gain.Rings;
using Gain.Slots;
using Gain.Writing;

namespace Gain.Workers;

/// <remarks>What other threads want of the worker's connections.</remarks>
internal sealed unsafe class MailReader<TProtocol, TRing>
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;
    private readonly WorkerSettings _settings;
    private readonly ServerState _server;
    private readonly Mailbox _mailbox;
    private readonly SlotTable _table;
    private readonly ConnectionWriter _writer;
    private readonly TProtocol[] _handlers;

    internal MailReader(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _settings = worker.Settings;
        _server = worker.Server;
        _mailbox = worker.Mailbox;
        _table = worker.Table;
        _writer = worker.Writer;
        _handlers = worker.Handlers;
    }

    // What ended while it waited in the mailbox is known to have only when it was received from: not too many
    // at once, or those would take up the limit on connections.
    private const int MaxTakenInPerTurn = 16;

    private int _mayTakeIn;

    internal static Mailbox MakeMailbox(WorkerSettings settings, MemoryBudget budget, byte[] partOf)
    {
        var memory = new PostedMemory(budget, settings.MaxPostedBytes, settings.Limits.MaxOutbound);
        var builder = new MailboxBuilder(settings.MailboxCapacity, memory, TProtocol.Parts, partOf);
        TProtocol.CreateMailbox(builder);
        return builder.Build();
    }

    /// <returns>Whether everything was read that had been posted when it began.</returns>
    internal bool ReadMail()
    {
        _mayTakeIn = MaxTakenInPerTurn;
        var step = new ReadStep(_settings.MailboxCapacity);
        _worker.Faults.RunGuarded(ref step);
        if (_server.HandOvers.HasProducers)
        {
            _server.HandOvers.NoteRoom();
        }

        return _mayTakeIn > 0;
    }

    private void ReadCommand(Command command)
    {
        if (command.Kind == CommandKind.Accepted)
        {
            // It carries nothing, and OnAccept may throw.
            _mailbox.Release(command.Kind);
            _mayTakeIn--;
            _worker.Intake.TakeIn(command.Socket, command.Origin);
            return;
        }

        if (command.Kind == CommandKind.Dial)
        {
            _mailbox.Release(command.Kind);
            _worker.Dialer.TakeRequest();
            return;
        }

        try
        {
            if (command.Kind == CommandKind.Datagram)
            {
                _worker.Datagrams.SendPosted(command);
                return;
            }

            if (command.IsOfDialled)
            {
                _worker.Datagrams.Dials!.Execute(command);
                return;
            }

            if (command.Kind == CommandKind.Answer)
            {
                _worker.Answers.ReadAnswer(command);
                return;
            }

            // Of a connection that is gone, another one may have the slot.
            if ((uint)command.Slot < (uint)_table.UsedSlots
                && (_table[command.Slot].Generation == command.Generation || EndsLater(command)))
            {
                Execute(command, ref _table[command.Slot]);
            }
        }
        finally
        {
            // Also when OnMessage throws: what the command carries is dropped, and its place is free.
            _mailbox.Release(command.Kind);
        }
    }

    // A close of a connection that is dialled again is one of what it has become.
    private bool EndsLater(Command command) =>
        command.Kind is CommandKind.Close or CommandKind.Abort
        && _worker.Dialer.Redials is { } redials
        && redials.IsEarlier(command.Slot, command.Generation, _table[command.Slot].Generation);

    private void Execute(Command command, ref Slot slot)
    {
        switch (command.Kind)
        {
            case CommandKind.Close or CommandKind.Abort when slot.HasEnded:
                _worker.Dialer.Redials?.Cancel(command.Slot);
                break;
            case CommandKind.Close:
                _table.Close(ref slot, CloseReason.Local);
                break;
            case CommandKind.Abort:
                _table.Abort(ref slot, CloseReason.Aborted);
                break;
            case CommandKind.Send:
                WritePosted(ref slot, _mailbox.FrontBytes);
                break;
            case CommandKind.Message:
                CallMessage(command.Slot, ref slot);
                break;
            case CommandKind.ResumeReading:
                _table.ResumeReading(ref slot);
                break;
        }
    }

    /// <summary>The worker has failed: nobody takes in what it was handed.</summary>
    internal void DropSocket(int fd) => _worker.Intake.Refuse(fd, RefusalReason.Stopping);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CallMessage(int index, ref Slot slot)
    {
        if (_worker.Declares(index, Callbacks.Message) && !slot.IsEnding)
        {
            _worker.Counters.Callbacks++;
            _worker.Calling = index;
            TProtocol.Message(
                ref _handlers[index], new Connection(_writer, ref slot), new PostedMessage(_mailbox));
            _worker.Calling = Slot.None;
            _worker.CheckFrameEnded();
        }
    }

    /// <summary>Reads what was posted.</summary>
    /// <param name="most">
    /// A mailbox full, so that producers cannot hold the worker here.
    /// </param>
    private struct ReadStep(int most) : IGuardedStep<TProtocol, TRing>
    {
        private Command _command;

        public void Run(Worker<TProtocol, TRing> worker)
        {
            MailReader<TProtocol, TRing> reader = worker.MailReader;
            while (most-- > 0 && reader._mayTakeIn > 0 && worker.Mailbox.TryPeek(out _command))
            {
                reader.ReadCommand(_command);
            }
        }

        public readonly int FindServed(Worker<TProtocol, TRing> worker) => worker.Faults.ServedBy(_command);
    }

    // It may have been posted before the handler ended its side.
    private void WritePosted(ref Slot slot, ReadOnlySpan<byte> data)
    {
        if (!slot.IsHalfClosed)
        {
            _writer.Write(ref slot, data);
        }
    }
}
