"""Fold texts byte by byte: simple loops, for the compiler."""

from __future__ import annotations

from typing import Any

GONE, BLANK, ODD = 0x0000, 0x0020, 0xFFFF
"""Dropped letters, word separators, and letters that the table does not cover."""
_ALIF, _LAM, _WAW, _BA, _KAF = 0x627, 0x644, 0x648, 0x628, 0x643
_A, _L = 0x61, 0x6C


def fold(data: Any, offsets: Any, table: Any, output: Any, ends: Any, odd: Any) -> None:
    """Write the UTF-8 (`output`) and the ends (n + 1) of n texts folded by a table of letters.

    A text with a letter that the table does not cover is left empty and marked `odd`. A word is written in place, and
    checked for an article when it ends.
    """
    end = 0
    for row in range(len(offsets) - 1):
        first, word, within = end, end, False
        at, last = int(offsets[row]), int(offsets[row + 1])
        while at <= last:
            # After the last letter as after a word.
            letter = BLANK
            if at < last and data[at] < 0x80:
                letter = int(table[data[at]])
                at += 1
            elif at < last:
                letter, at = decoded(data, at)
                letter = int(table[letter])
            else:
                at += 1
            if letter == ODD:
                odd[row] = True
                end = first
                break
            if letter not in (BLANK, GONE):
                if not within:
                    if end > first:
                        output[end] = BLANK
                        end += 1
                    word, within = end, True
                if letter < 0x80:
                    output[end] = letter
                    end += 1
                else:
                    end = encoded(output, end, letter)
            elif letter == BLANK and within:
                within = False
                # Few words qualify, and calls are slow.
                if output[word] >= 0xD8 or (output[word] == _A and end - word == 2):
                    end = ended(output, first, word, end)
        ends[row + 1] = end


def decoded(data: Any, at: int) -> tuple[int, int]:
    """Return the letter at a place of UTF-8, ODD for one beyond the basic plane, and the place after it."""
    byte = int(data[at])
    if byte < 0x80:
        return byte, at + 1
    if byte < 0xE0:
        return ((byte & 0x1F) << 6) | (int(data[at + 1]) & 0x3F), at + 2
    if byte < 0xF0:
        return ((byte & 0x0F) << 12) | ((int(data[at + 1]) & 0x3F) << 6) | (int(data[at + 2]) & 0x3F), at + 3
    return ODD, at + 4


def encoded(output: Any, at: int, letter: int) -> int:
    """Write a letter of the basic plane as UTF-8; return the place after it."""
    if letter < 0x80:
        output[at] = letter
        return at + 1
    if letter < 0x800:
        output[at], output[at + 1] = 0xC0 | (letter >> 6), 0x80 | (letter & 0x3F)
        return at + 2
    output[at], output[at + 1], output[at + 2] = (
        0xE0 | (letter >> 12),
        0x80 | ((letter >> 6) & 0x3F),
        0x80 | (letter & 0x3F),
    )
    return at + 3


def ended(output: Any, first: int, word: int, end: int) -> int:
    """Remove the article of a word that has ended, and the word where it is only an article; return the new end."""
    gone = article(output, word, end)
    if gone:
        for place in range(word, end - gone):
            output[place] = output[place + gone]
        end -= gone
    if end - word == 2 and output[word] == _A and output[word + 1] == _L:
        return word - 1 if word > first else first
    return end


def article(output: Any, word: int, end: int) -> int:
    """Return the bytes of the article (ال, وال, بال, كال, لل) that begins a word of two letters more at least."""
    # An Arabic letter is two bytes, the first of them one of two, and what follows may be of one.
    if end - word < 6 or (output[word] != 0xD8 and output[word] != 0xD9):
        return 0
    initial, following = decoded(output, word)[0], decoded(output, word + 2)[0]
    bytes_ = 0
    if following == _LAM and initial in (_ALIF, _LAM):
        bytes_ = 4
    elif (
        following == _ALIF and initial in (_WAW, _BA, _KAF) and end - word >= 8 and decoded(output, word + 4)[0] == _LAM
    ):
        bytes_ = 6
    if bytes_ == 0:
        return 0
    letters = 0
    for place in range(word + bytes_, end):
        # Of a letter of several bytes only the first counts.
        letters += (int(output[place]) & 0xC0) != 0x80
    return bytes_ if letters >= 2 else 0
