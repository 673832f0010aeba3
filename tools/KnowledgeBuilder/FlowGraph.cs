using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace Gain.KnowledgeBuilder;

/// <summary>
/// A body's instructions, with what is on a way to its return. What is not ends in a throw, or belongs to a
/// catch block, which runs because something was thrown.
/// </summary>
internal sealed class FlowGraph
{
    private const byte TwoBytePrefix = 0xFE;

    private static readonly Dictionary<int, OpCode> s_opCodes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    private readonly bool[] _isHandler;
    private readonly Dictionary<int, int> _indexes = [];

    public FlowGraph(MetadataReader reader, MethodBodyBlock body)
    {
        Reader = reader;
        Instructions = Decode(body.GetILReader());
        for (int i = 0; i < Instructions.Length; i++)
        {
            _indexes[Instructions[i].Offset] = i;
        }

        _isHandler = new bool[Instructions.Length];
        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            if (region.Kind is ExceptionRegionKind.Catch or ExceptionRegionKind.Filter)
            {
                int start = region.Kind == ExceptionRegionKind.Filter ? region.FilterOffset
                    : region.HandlerOffset;
                Mark(start, region.HandlerOffset + region.HandlerLength);
            }
        }
    }

    public MetadataReader Reader { get; }

    public Instruction[] Instructions { get; }

    /// <summary>Which instructions lie on a way that returns.</summary>
    /// <param name="endsAt">Whether a call never comes back.</param>
    public bool[] FindReturning(Func<int, bool> endsAt)
    {
        bool[] returning = new bool[Instructions.Length];
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int i = Instructions.Length - 1; i >= 0; i--)
            {
                if (!returning[i] && !_isHandler[i] && Returns(i, returning, endsAt))
                {
                    returning[i] = true;
                    changed = true;
                }
            }
        }

        return returning;
    }

    private bool Returns(int index, bool[] returning, Func<int, bool> endsAt)
    {
        Instruction at = Instructions[index];
        switch (at.Code.FlowControl)
        {
            case FlowControl.Return:
                return true;
            case FlowControl.Throw:
                return false;
            case FlowControl.Branch:
                return returning[_indexes[at.Operand]];
            case FlowControl.Cond_Branch:
                return Next(index, returning) || Targets(at).Any(target => returning[_indexes[target]]);
            case FlowControl.Call when endsAt(index):
                return false;
            default:
                return Next(index, returning);
        }
    }

    private static IEnumerable<int> Targets(Instruction at) => at.Targets ?? [at.Operand];

    private bool Next(int index, bool[] returning) =>
        index + 1 < Instructions.Length && returning[index + 1];

    private void Mark(int start, int end)
    {
        for (int i = _indexes[start]; i < Instructions.Length && Instructions[i].Offset < end; i++)
        {
            _isHandler[i] = true;
        }
    }

    private static Instruction[] Decode(BlobReader il)
    {
        var instructions = new List<Instruction>();
        while (il.RemainingBytes > 0)
        {
            int offset = il.Offset;
            int value = il.ReadByte();
            OpCode code = s_opCodes[value == TwoBytePrefix ? value << 8 | il.ReadByte() : value];
            int[]? targets = null;
            int operand = 0;
            switch (code.OperandType)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget:
                    operand = il.ReadSByte();
                    operand += il.Offset;
                    break;
                case OperandType.InlineBrTarget:
                    operand = il.ReadInt32();
                    operand += il.Offset;
                    break;
                case OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    il.ReadByte();
                    break;
                case OperandType.InlineVar:
                    il.ReadInt16();
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    il.ReadInt64();
                    break;
                case OperandType.InlineSwitch:
                    targets = ReadTargets(ref il);
                    break;
                default:
                    operand = il.ReadInt32();
                    break;
            }

            instructions.Add(new Instruction(offset, code, operand, targets, il.Offset));
        }

        return [.. instructions];
    }

    private static int[] ReadTargets(ref BlobReader il)
    {
        int[] targets = new int[il.ReadInt32()];
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = il.ReadInt32();
        }

        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] += il.Offset;
        }

        return targets;
    }
}
