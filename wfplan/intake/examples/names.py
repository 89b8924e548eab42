"""Given and family names of many places, combined at random into people who do not exist."""

from __future__ import annotations

import re
import unicodedata


def _words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


GIVEN = _words(
    "Ama Anders Anh Anil Aoife Aria Astrid Aylin Bao Beatriz Bogdan Brid Caoimhe Carlos Chiara "
    "Chidi Ciara Colm Dara Deirdre Devika Diego Dmitri Ebele Eilis Elif Emeka Emre Enda Esi "
    "Fatima Femi Fergal Fiadh Gintare Grainne Hana Hassan Henrik Hiro Ife Ines Ioana Isla Ivo "
    "Jakub Jia Joana Kamil Kateryna Keisha Khalid Kofi Kwame Lamia Lars Leila Lena Liam Lin Lucia "
    "Luka Maeve Magda Mairead Malik Marek Marta Mateus Mei Mihai Mina Nadia Naveen Niamh Nikola "
    "Nils Nkechi Noor Nuala Odhran Oisin Olena Omar Orla Padraig Paolo Petra Priya Rafal Rania "
    "Ravi Roisin Rosa Ruta Sadia Samir Saoirse Sean Selin Shreya Sinead Sofia Sorcha Tadhg Tama "
    "Tariq Teresa Thandi Tomas Uchenna Una Vera Viktor Wei Xavier Yara Yusuf Zanele Zofia"
)

FAMILY = _words(
    "Abebe Acheampong Adeyemi Aguiar Ahmed Almeida Andersson Antonov Baker Banerjee Barry Bello "
    "Bianchi Boateng Brennan Byrne Campos Carroll Castro Chen Cullen Dang Davies Delaney Demir "
    "Diallo Dolan Doyle Duffy Egan Eze Fagan Farah Farouk Ferreira Fitzsimons Flynn Foley Garcia "
    "Geraghty Ghosh Gomes Hadid Hansen Haruna Healy Hogan Horvat Hughes Ibrahim Ivanova Jankowski "
    "Jansen Joshi Kamara Kaya Keane Kelleher Kelly Khan Kim Kowal Kumar Lally Larsen Lavin Lee "
    "Lopes Lynch Madden Mahon Malinowska Mbeki Mehta Mensah Moran Moreau Murphy Nair Ndlovu "
    "Nguyen Nowak Obi O'Brien Okafor Okoye Olsen O'Neill Osei Ozturk Patel Petrov Phelan Popescu "
    "Quirke Rahman Reilly Rossi Ryan Sato Schmidt Sharma Silva Singh Sousa Sweeney Tanaka Tran "
    "Tuohy Varga Walsh Wang Yilmaz Zhang Zielinski"
)


def email_address(name: str, agent_id: str) -> str:
    """An address under the domain that is reserved for examples (RFC 2606)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{re.sub('[^a-z]+', '.', plain)}.{agent_id.lower()}@example.com"
