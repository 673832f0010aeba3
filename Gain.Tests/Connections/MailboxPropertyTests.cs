using CsCheck;
using Gain.Mail;
using Gain.Memory;
using Gain.Slots;

namespace Gain.Tests.Connections;

/// <summary>
/// Whatever is posted and taken: the mailbox does what a queue with limits does that is easy to understand.
/// </summary>
public sealed class MailboxPropertyTests
{
    private const int MemoryLimit = 500;
    private const int MaxLength = 300;
    private const int Budget = 450;

    private static readonly Gen<(int Action, int Amount)[]> s_steps =
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 320]).Array[0, 100];

    [Test]
    public void Mailbox_does_what_its_model_does() =>
        Gen.Select(Gen.Int[1, 4], s_steps).Sample(
            (log, steps) =>
            {
                var pair = new Pair(1 << log);
                for (int i = 0; i < steps.Length; i++)
                {
                    pair.Step(steps[i].Action, steps[i].Amount, i);
                }

                pair.End();
            },
            iter: 5_000);

    /// <summary>A mailbox and its model.</summary>
    private sealed class Pair
    {
        private readonly Queue<(Command Mail, byte[]? Bytes, string? Message)> _model = new();
        private readonly MemoryBudget _budget = new(Budget);
        private readonly Mailbox<string> _mailbox;
        private readonly int _capacity;
        private bool _isClosed;

        public Pair(int capacity)
        {
            _capacity = capacity;
            _mailbox = new Mailbox<string>(capacity, new PostedMemory(_budget, MemoryLimit, MaxLength));
        }

        private bool IsFull => _model.Count == _capacity;

        private int Held => _model.Sum(command => command.Bytes?.Length ?? 0);

        public void Step(int action, int amount, int number)
        {
            switch (action)
            {
                case <= 1:
                    Post(Command.Abort(number, (uint)amount));
                    break;
                case <= 4:
                    PostMessage(Command.Message(number, (uint)amount), $"message {number}");
                    break;
                case <= 8:
                    PostBytes(Command.Send(number, (uint)amount), amount);
                    break;
                case <= 11:
                    Take();
                    break;
                default:
                    // Rarely, as little happens afterwards.
                    CloseIf(amount > 300);
                    break;
            }

            Assert.That(_mailbox.HasMail, Is.EqualTo(_model.Count > 0));
            Assert.That(_mailbox.Memory.Bytes, Is.EqualTo(Held));
            Assert.That(_budget.ReservedBytes, Is.EqualTo(Held));
        }

        /// <summary>Takes half of what is left; the close frees the rest.</summary>
        public void End()
        {
            for (int left = _model.Count / 2; left > 0; left--)
            {
                Take();
            }

            CloseIf(true);
            Assert.That(_mailbox.HasMail, Is.False);
            Assert.That(_budget.ReservedBytes, Is.Zero);
        }

        private void Post(Command command)
        {
            Assert.That(_mailbox.TryPost(command), Is.EqualTo(_isClosed || !IsFull));
            Enqueue(command, null, null);
        }

        private void PostMessage(Command command, string message)
        {
            Assert.That(_mailbox.TryPostMessage(command, message), Is.EqualTo(_isClosed || !IsFull));
            Enqueue(command, null, message);
        }

        private void PostBytes(Command command, int length)
        {
            byte[] bytes = new byte[length];
            new Random(command.Slot).NextBytes(bytes);
            PostFailure expected =
                length == 0 || _isClosed ? PostFailure.None
                : IsFull ? PostFailure.MailboxFull
                : length > MaxLength ? PostFailure.TooLarge
                : Held + length > Math.Min(MemoryLimit, Budget) ? PostFailure.MemoryFull
                : PostFailure.None;
            bool posted = _mailbox.TryPostBytes(command, bytes, out PostFailure failure);

            Assert.That(failure, Is.EqualTo(expected));
            Assert.That(posted, Is.EqualTo(expected == PostFailure.None));
            if (posted && length > 0)
            {
                Enqueue(command, bytes, null);
            }
        }

        private void Enqueue(Command command, byte[]? bytes, string? message)
        {
            if (!_isClosed && !IsFull)
            {
                _model.Enqueue((command, bytes, message));
            }
        }

        private void Take()
        {
            bool has = _model.TryDequeue(out (Command Mail, byte[]? Bytes, string? Message) expected);
            Assert.That(_mailbox.TryPeek(out Command command), Is.EqualTo(has));
            if (!has)
            {
                return;
            }

            Assert.That(command, Is.EqualTo(expected.Mail));
            if (expected.Bytes is not null)
            {
                Assert.That(_mailbox.FrontBytes.SequenceEqual(expected.Bytes));
            }
            else if (expected.Message is not null)
            {
                Assert.That(_mailbox.FrontMessage, Is.EqualTo(expected.Message));
            }

            _mailbox.Release(command.Kind);
        }

        private void CloseIf(bool condition)
        {
            if (condition)
            {
                _mailbox.Close();
                _model.Clear();
                _isClosed = true;
            }
        }
    }
}
