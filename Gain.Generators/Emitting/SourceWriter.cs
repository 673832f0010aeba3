using System;
using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Gain.Generators.Emitting;

/// <summary>Writes indented lines, ended by LF on every machine.</summary>
internal sealed class SourceWriter
{
    private const int IndentWidth = 4;

    private static readonly Encoding s_utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string line)
    {
        if (line.Length > 0)
        {
            _text.Append(' ', _depth * IndentWidth).Append(line);
        }

        _text.Append('\n');
    }

    public void Line() => Line("");

    /// <summary>Writes several lines, however those of the literal were ended in its file.</summary>
    public void Lines(string lines)
    {
        foreach (string line in lines.Split('\n'))
        {
            Line(line.TrimEnd('\r'));
        }
    }

    /// <summary>Opens a block with braces on their own lines.</summary>
    public void Open(string head)
    {
        Line(head);
        Open();
    }

    public void Open()
    {
        Line("{");
        _depth++;
    }

    public void Close()
    {
        if (_depth == 0)
        {
            throw new InvalidOperationException("A block was closed that was not opened.");
        }

        _depth--;
        Line("}");
    }

    /// <summary>Closes every open block.</summary>
    public void CloseAll()
    {
        while (_depth > 0)
        {
            Close();
        }
    }

    public SourceText ToSourceText() => SourceText.From(_text.ToString(), s_utf8);
}
